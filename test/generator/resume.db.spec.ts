// An interrupted run of a schema whose plan reads indexes (unique over some rows, over expressions, keys to be put back) is resumed by the same
// plan: what a plan reads is there on every run of it.
import { generate } from '../../generator/generate.ts';
import type { GenerateOptions } from '../../generator/generate-options.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';

const tables = `
  create table users (id int primary key, first text not null, last text not null);
  create unique index users_name on users ((first || last));
  create table plans (id int primary key, user_id int not null references users, active boolean not null, name text not null);
  create unique index plans_active on plans (user_id) where active;
  create index plans_name on plans (lower(name));`;

const spec = parseSpec(
  `
format: shapecast-spec
version: 1
name: resume
bands: { dev: { scale: 1 } }
structure:
  tables:
    public.users: { columns: { id: int4 not null, first: text not null, last: text not null }, keys: [primary key (id), unique (expression)] }
    public.plans:
      columns: { id: int4 not null, user_id: int4 not null, active: bool not null, name: text not null }
      keys: [foreign key (user_id) -> public.users (id), primary key (id), unique (user_id)]
tables:
  public.users:
    rows: { count: 3000 }
    columns:
      id: { kind: sequence }
      first: { kind: text, isUnique: true, length: { family: uniform, min: 4, max: 12 } }
      last: { kind: text, isUnique: true, length: { family: uniform, min: 4, max: 12 } }
  public.plans:
    rows: { count: 20000 }
    references:
      user: { columns: [user_id], table: public.users, to: [id], fanOut: { family: geometric, p: 0.2, start: 0 } }
    columns:
      id: { kind: sequence }
      active: { kind: boolean, trueFraction: 0.1 }
      name: { kind: text, length: { family: uniform, min: 4, max: 20 } }
`,
  'test',
);

function optionsFor(url: string, change: Partial<GenerateOptions> = {}): GenerateOptions {
  return {
    spec,
    band: 'dev',
    seed: 'r',
    target: { kind: 'postgres', url },
    createSql: undefined,
    workers: 1,
    operator: 'test',
    ...change,
  };
}

/** Rows after which the run is interrupted: before the first chunk is in, and after the first table's. */
test.each([0, 20_500])(
  'interrupted after %d rows, a run goes on with the same plan and tells no drift of its own making',
  async (rows) => {
    const undisturbed = await withDatabase(tables, (url) => generate(optionsFor(url)));
    await withDatabase(tables, async (url, client) => {
      const abort = new AbortController();
      let made = 0;
      const advance = (count: number) => {
        made += count;
        if (made >= rows) abort.abort();
      };
      const startProgress = () => {
        advance(0);
        return { advance, finish: () => {} };
      };
      const interrupted = generate(optionsFor(url, { signal: abort.signal, startProgress }));
      await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' });
      const chunks = await client.query('select count(*)::int as n from shapecast.chunks');
      expect(chunks.rows[0]?.n > 0).toBe(rows > 0);

      const warnings: string[] = [];
      const report = await generate(optionsFor(url, { warn: (line) => warnings.push(line) }));

      expect(report.fingerprint).toBe(undisturbed.fingerprint);
      expect(warnings.filter((line) => line.includes('foreign key'))).toEqual([]);
      const keys = await client.query(
        `select count(*)::int as n from pg_constraint where conrelid = 'public.plans'::regclass and contype = 'f'`,
      );
      expect(keys.rows[0]?.n).toBe(1);
    });
  },
);

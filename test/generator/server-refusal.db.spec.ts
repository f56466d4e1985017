// A server that refuses a row in the middle of a COPY, while the generator is still writing: its error is what the user reads.
import { ShapecastError } from '../../core/errors.ts';
import { generate } from '../../generator/generate.ts';
import { copyFromStdin } from '../../postgres/copy-streams.ts';
import { sqlStateOf } from '../../postgres/query.ts';
import { parseSpec } from '../../spec/spec.ts';
import { withDatabase } from '../support/database.ts';

// The server fills n, so nobody can see the fault before the rows are on their way.
const sql = `
create table public.t (
  n int generated always as identity constraint not_that_one check (n <> 100000),
  word text not null
);`;

const spec = `
format: shapecast-spec
version: 1
name: late-refusal
bands: { dev: { scale: 1 } }
tables:
  t:
    rows: { count: 400000 }
    columns:
      word: { kind: text, length: { family: constant, value: 120 } }
`;

test('a constraint that a late row of a chunk breaks is named', async () => {
  await withDatabase('', async (url) => {
    const error: unknown = await generate({
      spec: parseSpec(spec, 'spec.yaml'),
      band: 'dev',
      seed: 's',
      target: { kind: 'postgres', url },
      createSql: sql,
      workers: 1,
      operator: 'test',
    }).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(ShapecastError);
    expect(error).toMatchObject({ code: 'QUERY_FAILED' });
    expect(String(error)).toContain('not_that_one');
  });
});

test('a COPY stream takes writes after the error of the server and drops them, and the connection serves on', async () => {
  await withDatabase(sql, async (_, client) => {
    const stream = copyFromStdin(client, 'copy public.t (word) from stdin');
    const failed = new Promise<unknown>((resolve) => stream.once('error', resolve));
    stream.write('a\tb\n');
    const error = await failed;

    const more = Buffer.alloc(1_000_000, 'x\n');
    for (let at = 0; at < 4; at += 1) await new Promise((resolve) => stream.write(more, resolve));
    stream.destroy();

    expect(sqlStateOf(error)).toBe('22P04');
    expect((await client.query('select count(*)::int4 as n from public.t')).rows).toEqual([{ n: 0 }]);
  });
});

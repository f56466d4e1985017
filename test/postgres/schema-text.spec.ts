import fc from 'fast-check';
import { prepareSchemaText } from '../../postgres/schema-text.ts';

const refusedAt = (line: number) =>
  expect.objectContaining({ code: 'SCHEMA_UNSUPPORTED', data: expect.objectContaining({ line }) });

describe('prepareSchemaText', () => {
  test("drops pg_dump's restrict lines and keeps the line numbers", () => {
    const text = '--\n\\restrict aB3\n\nSET transaction_timeout = 0;\ncreate table t (a int);\n\\unrestrict aB3\n';

    expect(prepareSchemaText(text)).toBe('--\n\n\n\ncreate table t (a int);\n\n');
  });

  test.each([
    ['create table a (b int);\n\\connect other\n', 2],
    ['\\copy t from f', 1],
    ['\\restrict aB3; \\! ls', 1],
    ['create table a (b int);\n\nCOPY public.a (b) FROM stdin;\n1\n\\.\n', 3],
    ['copy "x y"\nfrom\nSTDIN with csv', 1],
    ['create table a (b int); /* x\n */ commit;', 2],
    ['begin;', 1],
    ['-- x\nStart\n transaction;', 2],
    ['rollback', 1],
    ['create table a (b int);\nend;\ncreate table c (d int)', 2],
    ['create function f() returns int begin atomic select 1; end; end work;', 1],
    ["prepare transaction 'x'", 1],
  ])('refuses %j at line %i', (text, line) => {
    expect(() => prepareSchemaText(text)).toThrow(refusedAt(line));
  });

  test.each([
    "create table t (a text default 'it''s \\ here; commit;');",
    "create table t (a text default E'a\\'; commit; \\\\');",
    'create table "a\\b;commit" (i int);',
    '-- \\connect x; commit;\nselect 1;',
    '/* \\connect /* nested; commit */ still; begin */ select 1;',
    'create function f() returns int language plpgsql as $$\nbegin\n  commit;\n\\x\nend $$;',
    'create function f() returns text language sql as $a$ select $$\\;commit;$$ $a$;',
    'create function f() returns int language sql begin atomic select 1; end;',
    'create function f() returns int begin atomic select case when true then 1 end; select 2; end; create table t (i int);',
    'comment on table t is $_$; begin; \\q $_$;',
    "copy public.t to '/tmp/x';",
    'create table committed (begin_at date);',
  ])('lets pass %j', (text) => {
    expect(prepareSchemaText(text)).toBe(text);
  });

  test('never looks into a string, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (content) => {
        const text = `select '${content.replaceAll("'", "''")}';`;

        expect(prepareSchemaText(text)).toBe(text);
      }),
    );
  });

  test('reads a large dump without running out of stack', () => {
    const text = `${"insert into t values ('it''s');\n".repeat(50_000)}\\q`;

    expect(() => prepareSchemaText(text)).toThrow(refusedAt(50_001));
  });
});

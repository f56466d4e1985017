// The spec that a run is asked for: its file and its tables' SQL, the built-in ones unless given, and rows that are given by table.
import path from 'node:path';
import { ShapecastError } from '../core/errors.ts';
import { readTextFile } from '../core/files.ts';
import { normaliseTableKey } from '../core/identifiers.ts';
import { packageFolder } from '../core/tool.ts';
import { parseSpec, type Spec } from '../spec/spec.ts';

/** The spec and the SQL that makes its tables: the built-in ones unless given. */
export function readSpecAndSchema(
  specFlag: string | undefined,
  createFlag: string | undefined,
  folder: string,
): { spec: Spec; createSql: string | undefined } {
  const builtIn = (name: string) => path.join(packageFolder(), 'spec', name);
  const specFile = specFlag === undefined ? builtIn('chat.yaml') : path.resolve(folder, specFlag);
  const defaultSchema = specFlag === undefined ? builtIn('chat.sql') : null;
  const schemaFile = createFlag === undefined ? defaultSchema : path.resolve(folder, createFlag);
  return {
    spec: parseSpec(readTextFile(specFile), specFile),
    createSql: schemaFile === null ? undefined : readTextFile(schemaFile),
  };
}

/** `--rows chat.users=10 --rows messages=500`. Throws OPTION_INVALID, NAME_INVALID. */
export function parseRows(flags: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    flags.map((flag) => {
      const match = /^(.+)=(\d{1,15})$/.exec(flag);
      if (match === null) throw new ShapecastError('OPTION_INVALID', { option: '--rows', reason: 'expected table=N' });
      return [normaliseTableKey(match[1] ?? ''), Number(match[2])];
    }),
  );
}

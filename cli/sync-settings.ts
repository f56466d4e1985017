// What sync and verify-shadow read alike: the URLs of both ends, the rules file, and the masking key.
import path from 'node:path';
import { sha256Hex } from '../core/canonical-json.ts';
import { ShapecastError } from '../core/errors.ts';
import { readTextFile } from '../core/files.ts';
import { resolveSecret } from '../core/secret.ts';
import { checkNamedDocument, parseYamlText } from '../spec/parse-document.ts';
import { type SyncRules, syncRulesSchema } from '../spec/sync-rules.ts';
import type { CommandContext } from './command.ts';
import { checkUrl } from './target.ts';

export const SOURCE_URL = { what: 'source', option: '--source', variable: 'PROD_REPLICA_URL' } as const;
export const SHADOW_URL = { what: 'shadow', option: '--shadow', variable: 'SHADOW_DATABASE_URL' } as const;

type UrlNames = ConstructorParameters<typeof ShapecastError<'URL_MISSING'>>[1];

/** Both ends are named by their own variable or option; nothing else in the environment counts. Throws URL_MISSING, URL_INVALID. */
export function givenUrl(flag: string | undefined, names: UrlNames, context: CommandContext): string {
  const given = optionalUrl(flag, names, context);
  if (given === null) throw new ShapecastError('URL_MISSING', names);
  return given;
}

/** As givenUrl, null where neither is given. Throws URL_INVALID. */
export function optionalUrl(flag: string | undefined, names: UrlNames, { environment }: CommandContext): string | null {
  const given = flag ?? environment[names.variable] ?? '';
  return given === '' ? null : checkUrl(given, names.option);
}

export interface GivenRules {
  readonly rules: SyncRules;
  /** Of the file's text, hex. */
  readonly rulesSha256: string;
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/** The rules of a file. Throws FILE_UNREADABLE, DOCUMENT_UNPARSABLE, DOCUMENT_INVALID. */
export function readRules(name: string, { folder }: CommandContext): GivenRules {
  const file = path.resolve(folder, name);
  const text = readTextFile(file);
  const rules = checkNamedDocument(syncRulesSchema, parseYamlText(text, 'rules', name), 'rules', name);
  return { rules, rulesSha256: sha256Hex(text), file, text };
}

/** The key's text from --key-from or MASKING_KEY; '' where neither is given. Throws SECRET_REFERENCE_INVALID, SECRET_UNAVAILABLE. */
export async function givenKeyText(reference: string | undefined, { environment, signal }: CommandContext): Promise<string> {
  if (reference === undefined) return environment.MASKING_KEY?.trim() ?? '';
  return resolveSecret(reference, { option: '--key-from', environment, signal });
}

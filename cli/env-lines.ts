// The environment as lines of an app's .env file, without secrets. Readers of such files (dotenv, Node, shells, compose) agree only on a few
// forms, so a value that none of them carries is left out by name: a line that one of them reads otherwise is worse than none.
import { resolveServerAddress } from '../postgres/server-address.ts';
import type { EnvironmentVariable, VariableKind } from './environment-variables.ts';

export type EnvEntry =
  | { readonly name: string; readonly state: 'unset' }
  | { readonly name: string; readonly state: 'shown'; readonly value: string }
  /** `why` completes "NAME is set, left out: ". */
  | { readonly name: string; readonly state: 'leftOut'; readonly why: string };

/** What may be shown of a variable. Passwords and queries are gone from URLs; a secret's value is never in the result. */
export function readEntry({ name, kind }: EnvironmentVariable, environment: NodeJS.ProcessEnv): EnvEntry {
  const given = environment[name] ?? '';
  if (given === '') return { name, state: 'unset' };
  if (kind === 'secret') return { name, state: 'leftOut', why: 'a secret' };
  const value = withoutSecret(given, kind);
  if (value === null) return { name, state: 'leftOut', why: 'it is no URL, and may hold a secret' };
  if (quoteForEnv(value) === null)
    return { name, state: 'leftOut', why: 'its characters mean different things to different readers' };
  return { name, state: 'shown', value };
}

/** The line of a .env file: `NAME=value`, or a comment for what is left out; null for a variable that is not set. */
export function formatEntry(entry: EnvEntry): string | null {
  switch (entry.state) {
    case 'unset':
      return null;
    case 'leftOut':
      return `# ${entry.name} is set, left out: ${entry.why}`;
    case 'shown':
      return `${entry.name}=${quoteForEnv(entry.value) ?? ''}`;
  }
}

const PLAIN = /^[A-Za-z0-9_./:@%+,=?&~-]*$/;

/** The value as every reader takes it, or null. Single quotes keep everything but themselves. */
function quoteForEnv(value: string): string | null {
  if (/\p{Cc}/u.test(value)) return null;
  if (PLAIN.test(value) && !value.includes('&')) return value;
  if (!value.includes("'")) return `'${value}'`;
  return /["$`\\]/.test(value) ? null : `"${value}"`;
}

function withoutSecret(value: string, kind: VariableKind): string | null {
  if (kind === 'url') return withoutPassword(value.trim());
  return kind === 'webUrl' ? withoutLogin(value) : value;
}

const URL_PARTS = /^(postgres(?:ql)?:\/\/)(?:([^@/?#]*)@)?([^/?#@]*)((?:\/[^?#@]*)?)(?:\?([^#@]*))?$/;

/** An @ beyond the login may end a password that holds a slash, so such a URL is none. */
function withoutPassword(url: string): string | null {
  const parts = URL_PARTS.exec(url);
  if (parts === null || !isUsable(url)) return null;
  const [, scheme = '', login, authority = '', database = '', query = ''] = parts;
  const user = login?.split(':')[0] ?? '';
  const parameters = query.split('&').filter((pair) => pair !== '' && !isSecretParameter(pair));
  const rest = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  return `${scheme}${user === '' ? '' : `${user}@`}${authority}${database}${rest}`;
}

function isUsable(url: string): boolean {
  try {
    resolveServerAddress(url, {});
    return true;
  } catch {
    return false;
  }
}

function isSecretParameter(pair: string): boolean {
  try {
    return decodeURIComponent(pair.split('=')[0] ?? '') === 'password';
  } catch {
    return true;
  }
}

function withoutLogin(value: string): string | null {
  try {
    const { protocol, host, pathname } = new URL(value);
    return /^https?:$/.test(protocol) ? `${protocol}//${host}${pathname === '/' ? '' : pathname}` : null;
  } catch {
    return null;
  }
}

// A json rule as the tree of places that rewrite-json.ts walks.
import type { MemberRule } from '../../spec/sync-rules.ts';
import { fakeOf } from './fake.ts';
import { type JsonRule, jsonTreeOf, type RulePlace } from './json-tree.ts';
import type { KeyedHash } from './keyed-hash.ts';
import type { JsonPlace } from './rewrite-json.ts';
import { tokenOfText } from './token.ts';

/** The root of the rule's places. */
export function jsonPlacesOf(rule: JsonRule, hash: KeyedHash): JsonPlace {
  return placeOf(jsonTreeOf(rule), hash);
}

function placeOf({ rule, members, each }: RulePlace, hash: KeyedHash): JsonPlace {
  return {
    ...(rule === null ? {} : { mask: maskOfMember(rule, hash) }),
    members: new Map([...members].map(([name, member]) => [name, placeOf(member, hash)])),
    each: each === null ? null : placeOf(each, hash),
  };
}

function maskOfMember(rule: MemberRule, hash: KeyedHash): (json: string) => string | null {
  const ofText = (mask: (text: string) => string) => (json: string) =>
    json === 'null' ? json : JSON.stringify(mask(textOf(json)));
  switch (rule.kind) {
    case 'keep':
      return (json) => json;
    case 'null':
      return () => 'null';
    case 'empty':
      return (json) => emptyOf(json);
    case 'constant':
      return () => JSON.stringify(rule.value);
    case 'token':
      return ofText((text) => tokenOfText(hash, text));
    case 'fake':
      return ofText((text) => fakeOf(hash, rule.of, text, { isDistinct: rule.distinct, maxLength: null }));
    case 'keepLast':
      return ofText((text) => hideStart(text, rule.length, rule.mark));
  }
}

/** The characters of a string; of anything else its JSON. */
function textOf(json: string): string {
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

function emptyOf(json: string): string {
  if (json.startsWith('{')) return '{}';
  if (json.startsWith('[')) return '[]';
  return json.startsWith('"') ? '""' : 'null';
}

function hideStart(text: string, length: number, mark: string): string {
  const characters = Array.from(text);
  const shown = characters.length > length ? characters.slice(-length) : [];
  return `${mark.repeat(characters.length - shown.length)}${shown.join('')}`;
}

// The form of a document under a json rule: no member that no path names, and at each path what its own rule makes. One condition over a
// jsonb value, which walks along the rule's paths and never deeper.
import type { MemberRule } from '../../../spec/sync-rules.ts';
import { quoteLiteral } from '../../column-sql.ts';
import { type JsonRule, jsonTreeOf, type RulePlace } from '../../masks/json-tree.ts';
import { fakeForm } from './fake-form.ts';
import { keepLastForm, type TextForm, tokenForm } from './text-form.ts';

/** A condition over the jsonb expression that is true of a document which the rule could not have left. */
export function jsonFaultSql(rule: JsonRule, value: string): string {
  const root = jsonTreeOf(rule);
  const writer = new FaultWriter(rule.others === 'drop');
  const fault = writer.faultOf(root, value);
  // A document that is no object and no list is dropped whole, and NULL of JSON is what is left.
  return rule.others === 'drop' ? `(jsonb_typeof(${value}) <> 'null' and ${fault})` : fault;
}

/** The form of a member's text; null for a member whose rule makes no text. */
export function memberForm(rule: MemberRule): TextForm | null {
  switch (rule.kind) {
    case 'token':
      return tokenForm();
    case 'fake':
      return fakeForm(rule.of, { isDistinct: rule.distinct, maxLength: null });
    case 'keepLast':
      return keepLastForm(rule.length, rule.mark);
    default:
      return null;
  }
}

class FaultWriter {
  private readonly dropsOthers: boolean;
  private aliases = 0;

  constructor(dropsOthers: boolean) {
    this.dropsOthers = dropsOthers;
  }

  faultOf(place: RulePlace, value: string): string {
    if (place.rule !== null) return leafFault(place.rule, value);
    const scalar = this.dropsOthers ? 'true' : 'false';
    return `(case jsonb_typeof(${value}) when 'object' then ${this.objectFault(place, value)} when 'array' then ${this.arrayFault(place, value)} else ${scalar} end)`;
  }

  private objectFault({ members, each }: RulePlace, value: string): string {
    const names = [...members.keys()];
    const known = `array[${names.map(quoteLiteral).join(', ')}]::text[]`;
    const faults = names.map((name) => {
      const member = `(${value} -> ${quoteLiteral(name)}::text)`;
      const place = members.get(name);
      return place === undefined ? 'false' : `(${member} is not null and ${this.faultOf(place, member)})`;
    });
    const others = this.otherFault(each, `${value} - ${known}`, 'jsonb_each');
    if (others !== null) faults.push(others);
    else if (this.dropsOthers) faults.push(`(${value} - ${known}) <> '{}'::jsonb`);
    return faults.length === 0 ? 'false' : `(${faults.join(' or ')})`;
  }

  private arrayFault({ each }: RulePlace, value: string): string {
    return this.otherFault(each, value, 'jsonb_array_elements') ?? (this.dropsOthers ? `${value} <> '[]'::jsonb` : 'false');
  }

  private otherFault(each: RulePlace | null, list: string, unfold: 'jsonb_each' | 'jsonb_array_elements'): string | null {
    if (each === null) return null;
    this.aliases += 1;
    const alias = `each${this.aliases}`;
    return `exists (select from ${unfold}(${list}) as ${alias} where ${this.faultOf(each, `${alias}.value`)})`;
  }
}

function leafFault(rule: MemberRule, value: string): string {
  switch (rule.kind) {
    case 'keep':
      return 'false';
    case 'null':
      return `jsonb_typeof(${value}) <> 'null'`;
    case 'empty':
      return `${value} not in ('{}'::jsonb, '[]'::jsonb, '""'::jsonb, 'null'::jsonb)`;
    case 'constant':
      return `${value} <> ${quoteLiteral(JSON.stringify(rule.value))}::jsonb`;
    default: {
      const form = memberForm(rule);
      const text = `(${value} #>> '{}')`;
      const matches = form === null ? 'true' : form.matches(text);
      return `(jsonb_typeof(${value}) <> 'null' and not coalesce(jsonb_typeof(${value}) = 'string' and (${matches}), false))`;
    }
  }
}

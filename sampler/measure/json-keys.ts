// How many keys a JSON value has at the top level. It must not fail on any value: json keeps escapes that the functions which read
// keys cannot decode (\u0000, half a surrogate pair), so these are made plain letters first.
import type { CatalogColumn } from '../../postgres/catalog/catalog.ts';

/** SQL of the number of keys; 0 for an array or a scalar, NULL for NULL. */
export function keyCountExpression(column: CatalogColumn, value: string): string {
  const name = column.baseType;
  const readable = name === 'jsonb' ? value : readableJson(value);
  const count = `(select count(*) from ${name}_object_keys(${readable}))::int4`;
  return `case when ${name}_typeof(${value}) = 'object' then ${count} when ${value} is not null then 0 end`;
}

/** Every escape (a backslash and what follows) becomes a letter; only where there is one that may fail. */
function readableJson(value: string): string {
  const plain = `regexp_replace(${value}::text, E'\\\\\\\\.', 'x', 'g')::json`;
  return `case when strpos(${value}::text, E'\\\\u') > 0 then ${plain} else ${value} end`;
}

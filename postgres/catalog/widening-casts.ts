// Casts under which a comparison of the cast value is a comparison of the value itself: nothing is rounded or cut off.

const texts = ['text', 'character varying', 'bpchar', 'citext', 'name'];
const widening: Readonly<Record<string, readonly string[]>> = {
  int2: ['smallint', 'integer', 'bigint', 'numeric', 'double precision'],
  int4: ['integer', 'bigint', 'numeric', 'double precision'],
  int8: ['bigint', 'numeric', 'double precision'],
  numeric: ['numeric', 'double precision'],
  float4: ['real', 'double precision'],
  float8: ['double precision'],
  bool: ['boolean'],
  text: texts,
  varchar: texts,
  citext: texts,
  name: texts,
  bpchar: ['bpchar', 'text', 'character varying'],
  enum: ['text'],
  date: ['date', 'timestamp without time zone'],
  timestamp: ['timestamp without time zone'],
  timestamptz: ['timestamp with time zone'],
  time: ['time without time zone', 'interval'],
  interval: ['interval'],
};

/** Whether values of the stored type (int4, varchar) keep their order and equality as this type (`double precision`). */
export function isWideningCast(baseType: string, type: string): boolean {
  return widening[baseType]?.includes(type) ?? false;
}

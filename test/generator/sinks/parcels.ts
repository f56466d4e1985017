// A schema for tests of sinks and shards: six small tables, so six chunks, with every kind of text that CSV has to dress.
export const parcelsSql = `
create table hubs (id int primary key, name text not null, note text);
create table routes (id int primary key, hub_id int not null references hubs, weight numeric(8, 2) not null);
create table parcels (id int primary key, route_id int not null references routes, sent timestamptz not null, raw bytea, tags text[]);
create index parcels_route on parcels (route_id);
create table events (id uuid primary key, parcel_id int not null references parcels, kind text not null);
create index events_parcel on events (parcel_id);
create table notes (id bigserial primary key, event_id uuid references events, body jsonb not null, mark boolean);
create table "Odd ""Name"" /" (id int primary key, "a,b" text);
`;

export const parcelsSpec = `
format: shapecast-spec
version: 1
name: parcels
windowEnd: "2026-01-01"
bands: { dev: { scale: 1, windowDays: 30 } }
tables:
  public.hubs:
    rows: { count: 40 }
    columns:
      id: { kind: sequence }
      name: { kind: category, values: [{ label: 'a,b', weight: 1 }, { label: 'say "so"', weight: 1 }, { label: '', weight: 1 }, { label: "two\\nlines\\r", weight: 1 }, { label: '\\.', weight: 1 }, { label: "tab\\t\\\\N", weight: 1 }, { label: ' é ', weight: 1 }] }
      note: { kind: text, length: { family: uniform, min: 0, max: 9 }, nullFraction: 0.4 }
  public.routes:
    rows: { count: 300 }
    references:
      hub: { columns: [hub_id], table: public.hubs, to: [id], fanOut: { family: geometric, p: 0.1, start: 0 } }
    columns:
      id: { kind: sequence }
      weight: { kind: number, decimals: 2, distribution: { family: uniform, min: 0.01, max: 999 } }
  public.parcels:
    rows: { count: 9000 }
    references:
      route: { columns: [route_id], table: public.routes, to: [id], fanOut: { family: geometric, p: 0.03, start: 0 } }
    columns:
      id: { kind: sequence }
      sent: { kind: time, calendar: { kind: window } }
      raw: { kind: bytes, length: { family: uniform, min: 0, max: 12 }, nullFraction: 0.2 }
      tags: { kind: array, length: { family: uniform, min: 0, max: 3 }, element: { kind: labels, labels: [x, 'y z', 'q"'] } }
  public.events:
    rows: { count: 12000 }
    references:
      parcel: { columns: [parcel_id], table: public.parcels, to: [id], fanOut: { family: geometric, p: 0.4, start: 0 } }
    columns:
      id: { kind: uuid }
      kind: { kind: text, length: { family: uniform, min: 3, max: 20 } }
  public.notes:
    rows: { count: 500 }
    references:
      event: { columns: [event_id], table: public.events, to: [id], nullFraction: 0.3, fanOut: { family: geometric, p: 0.9, start: 0 } }
    columns:
      id: { kind: sequence }
      body: { kind: json, keys: { family: uniform, min: 1, max: 4 }, bytes: { family: uniform, min: 30, max: 80 } }
      mark: { kind: boolean, trueFraction: 0.5, nullFraction: 0.1 }
  'public."Odd ""Name"" /"':
    rows: { count: 7 }
    columns:
      id: { kind: sequence }
      a,b: { kind: constant, value: null }
`;

/** One digest a table over all of its rows, whatever order they lie in. */
export const parcelsDigest = ['hubs', 'routes', 'parcels', 'events', 'notes', '"Odd ""Name"" /"']
  .map((table) => `select '${table}' as name, md5(string_agg(t::text, '|' order by id)) as digest from public.${table} t`)
  .join(' union all ')
  .concat(' order by name');

// A small shop for tests of the commands: made by the generator itself from a spec, with its schema.

export const shopSql = `
create table public.customers (id bigint primary key, name text not null, country text, "createdAt" timestamptz not null);
create table public.orders (
  id bigint primary key,
  "customerId" bigint not null references public.customers (id),
  total numeric(10, 2) not null
);
create index on public.orders ("customerId");
`;

export const shopSpec = `
format: shapecast-spec
version: 1
name: shop
windowEnd: "2026-01-01"
bands:
  dev: { scale: 1, windowDays: 30 }
  staging: { scale: 2, windowDays: 30 }
  perf: { scale: 4, windowDays: 30 }
tables:
  customers:
    rows: { count: 500 }
    columns:
      id: { kind: sequence }
      name: { kind: text, length: { family: uniform, min: 5, max: 20 } }
      country: { kind: category, values: [{ label: nl, weight: 3 }, { label: pt, weight: 2 }], nullFraction: 0.1 }
      createdAt: { kind: time, calendar: { kind: window } }
  orders:
    rows: { count: 3000 }
    references:
      customer: { columns: [customerId], table: customers, to: [id], fanOut: { family: geometric, p: 0.15, start: 0 } }
    columns:
      id: { kind: sequence }
      total: { kind: number, decimals: 2, distribution: { family: logNormal, mu: 3, sigma: 1, min: 0.01, max: 9999 } }
`;

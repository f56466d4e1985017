-- Hostile names: quotes, dots, upper case, spaces, 63 bytes, keywords, other scripts, JavaScript's own, a name that is SQL.
create table public."x""); drop table users; --" (
  "select" int primary key,
  "it's ""quoted"".dotted" text not null unique,
  "UPPER" int,
  "upper" int,
  "Upper" int not null,
  " leading and trailing " text,
  "tab	and
newline" text,
  "back\slash" text,
  "$1" int not null,
  "%s {row} ${x}" text,
  "a,b" boolean not null,
  "--" date,
  "/*" int,
  ";" int
);
create table public."table" (
  "primary" int primary key,
  "references" int not null references public."x""); drop table users; --" ("select"),
  "null" text,
  "default" boolean not null default true,
  constraint "check"" (); --" check ("primary" > 0)
);
create table public."user" (
  "user" int primary key,
  "current_user" text not null
);
create index "index"" on public.""user""; --" on public."user" ("current_user");
create table public."Case" (
  "Id" int primary key,
  "User" int not null references public."user" ("user")
);
create table public."case" (
  id int primary key,
  "ID" int not null references public."Case" ("Id")
);
create table public."CASE" (
  "iD" int primary key references public."case" (id)
);
create table "Odd.Schema"."Case" (
  "Id" int primary key,
  "id" int not null references public."CASE" ("iD")
);
create table "Odd.Schema"."ta.ble" (
  "co.lumn" int primary key,
  "public.user" int references public."user"
);
create table "Odd.Schema"."ta"".""ble" (
  "co"".""lumn" int primary key,
  "co.lumn" int not null references "Odd.Schema"."ta.ble"
);
create table public."tééééééééééééééééééééééééééééééé" (
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1" int primary key,
  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2" text not null,
  constraint "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk" unique ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1")
);
create table public."表 der Größe Ω 😀" (
  "ключ" int primary key,
  "名前 😀" text not null,
  "tééééééééééééééééééééééééééééééé" int not null references public."tééééééééééééééééééééééééééééééé"
);
-- Names that YAML reads as something else, and numbers, which JavaScript moves to the front of an object.
create table public."null" (
  "~" int primary key,
  "10" int not null,
  "9" int not null,
  "null" text,
  "true" boolean not null,
  "no" text not null,
  "1e3" int,
  "0x1f" int,
  "2024-01-01" date,
  "- a" int,
  "? b" int,
  "key: value" text not null,
  "#c" int,
  "&x" int,
  "*y" int references public."null",
  "!!str" text,
  "[1]" int,
  "<<" int,
  """ "" """ text,
  unique ("9", "10")
);
-- Names that every JavaScript object already has.
create table public.constructor (
  __proto__ int primary key,
  constructor text not null,
  "toString" int,
  "hasOwnProperty" boolean not null
);
create table public.__proto__ (
  id int primary key,
  __proto__ int not null references public.constructor,
  "valueOf" text
);
create table public."prototype" (
  "prototype" int not null references public.__proto__ (id),
  "__defineGetter__" int not null references public.constructor,
  primary key ("prototype", "__defineGetter__")
);

-- 300 columns, of six types in turn.
do $$
begin
  execute (
    select 'create table shop.wide (id int primary key, ' || string_agg(
      format('column_%s %s', i, (array['int', 'text', 'boolean', 'date', 'numeric(9, 2)', 'timestamptz'])[1 + i % 6]), ', ' order by i
    ) || ')'
    from generate_series(2, 300) as i
  );
end
$$;

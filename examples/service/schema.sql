create table employees (
  tenant text not null,
  number text not null,
  title text not null,
  first_name text,
  last_name text not null,
  email text not null,
  zip text not null,
  city text not null,
  role text not null,
  manager text,
  radius_km integer,
  updated_at timestamptz not null default now(),
  primary key (tenant, number)
);

create table nights (
  tenant text not null,
  run_id uuid,
  exit_code integer not null,
  status text not null,
  problems text,
  ledger_mark jsonb,
  ended_at timestamptz not null default clock_timestamp()
);

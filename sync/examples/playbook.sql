-- Three tables of an app whose schema an object-relational mapper made: camel-case names that need quotes, text keys, JSONB.
-- They are what playbook.yaml masks: load this into an empty database, put rows in, and try the rules.

create type public."Role" as enum ('PLAYER', 'CAPTAIN', 'ADMIN');
create type public."SubmissionStatus" as enum ('PENDING', 'APPROVED', 'REJECTED');

create table public."User" (
  "id" text not null,
  "email" text not null,
  "username" text not null,
  "displayName" text,
  "passwordHash" text not null,
  "role" public."Role" not null default 'PLAYER',
  "phoneNumber" text,
  "dateOfBirth" date,
  "avatarUrl" text,
  "bio" text,
  "discordId" text,
  "lastLoginIp" inet,
  "preferences" jsonb not null default '{}',
  "invitedById" text,
  "emailVerifiedAt" timestamp(3),
  "createdAt" timestamp(3) not null default current_timestamp,
  "updatedAt" timestamp(3) not null,
  constraint "User_pkey" primary key ("id"),
  constraint "User_invitedById_fkey" foreign key ("invitedById") references public."User" ("id")
    on delete set null on update cascade
);
create unique index "User_email_key" on public."User" ("email");
create unique index "User_username_key" on public."User" ("username");
create unique index "User_discordId_key" on public."User" ("discordId");

create table public."AuditLog" (
  "id" bigserial not null,
  "userId" text,
  "action" text not null,
  "entityType" text not null,
  "entityId" text,
  "ipAddress" inet not null,
  "userAgent" text,
  "metadata" jsonb,
  "createdAt" timestamp(3) not null default current_timestamp,
  constraint "AuditLog_pkey" primary key ("id"),
  constraint "AuditLog_userId_fkey" foreign key ("userId") references public."User" ("id")
    on delete set null on update cascade
);
create index "AuditLog_userId_createdAt_idx" on public."AuditLog" ("userId", "createdAt");

create table public."MatchStatsSubmission" (
  "id" text not null,
  "matchId" text not null,
  "submittedById" text not null,
  "reviewedById" text,
  "status" public."SubmissionStatus" not null default 'PENDING',
  "homeScore" integer not null,
  "awayScore" integer not null,
  "screenshotUrls" text[] not null,
  "notes" text,
  "payload" jsonb not null,
  "reviewedAt" timestamp(3),
  "createdAt" timestamp(3) not null default current_timestamp,
  constraint "MatchStatsSubmission_pkey" primary key ("id"),
  constraint "MatchStatsSubmission_scores_check" check ("homeScore" >= 0 and "awayScore" >= 0),
  constraint "MatchStatsSubmission_submittedById_fkey" foreign key ("submittedById") references public."User" ("id")
    on delete restrict on update cascade,
  constraint "MatchStatsSubmission_reviewedById_fkey" foreign key ("reviewedById") references public."User" ("id")
    on delete set null on update cascade
);
create unique index "MatchStatsSubmission_matchId_submittedById_key"
  on public."MatchStatsSubmission" ("matchId", "submittedById");

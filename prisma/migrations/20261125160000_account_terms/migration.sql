-- CONTROL what decides about an account besides money; CATALOGUE plans; TENANT holds and the counters of limits and allowances.
-- AlterTable
ALTER TABLE "billing_account" ADD COLUMN     "clock_at" TIMESTAMPTZ(3),
ADD COLUMN     "plan_anchor_day" SMALLINT,
ADD COLUMN     "plan_key" TEXT,
ADD COLUMN     "plan_since" TIMESTAMPTZ(3),
ADD COLUMN     "terms_version" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "plan" (
    "mode" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "monthly_price_cents" BIGINT NOT NULL,
    "allowances" JSONB NOT NULL,
    "entitlements" JSONB NOT NULL,
    "seats" INTEGER,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("mode","key")
);

-- CreateTable
CREATE TABLE "account_member" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "name" TEXT,
    "email" TEXT,
    "role" TEXT NOT NULL,
    "seat" TEXT NOT NULL,
    "lite_asset" TEXT,
    "lite_amount" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "spend_limit" (
    "account_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "subject" TEXT,
    "asset_code" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "period" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "spend_limit_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "limit_counter" (
    "account_id" UUID NOT NULL,
    "scope" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "asset_code" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "used" BIGINT NOT NULL,
    "reserved" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "limit_counter_pkey" PRIMARY KEY ("account_id","scope","subject","asset_code","period","period_start")
);

-- CreateTable
CREATE TABLE "allowance_usage" (
    "account_id" UUID NOT NULL,
    "meter" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "covered" DECIMAL(40,12) NOT NULL,
    "reserved" DECIMAL(40,12) NOT NULL DEFAULT 0,

    CONSTRAINT "allowance_usage_pkey" PRIMARY KEY ("account_id","meter","period_start")
);

-- CreateTable
CREATE TABLE "hold" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "captured" BIGINT NOT NULL DEFAULT 0,
    "released" BIGINT NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "meter" TEXT,
    "quantity" DECIMAL(28,12),
    "member" TEXT,
    "key_label" TEXT,
    "resource" TEXT,
    "model" TEXT,
    "feature" TEXT,
    "dimensions" JSONB,
    "reservations" JSONB NOT NULL,

    CONSTRAINT "hold_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "hold_allocation" (
    "account_id" UUID NOT NULL,
    "hold_id" UUID NOT NULL,
    "part_order" SMALLINT NOT NULL,
    "grant_id" UUID NOT NULL,
    "held" BIGINT NOT NULL,

    CONSTRAINT "hold_allocation_pkey" PRIMARY KEY ("account_id","hold_id","part_order")
);

-- CreateTable
CREATE TABLE "hold_owner" (
    "hold_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,

    CONSTRAINT "hold_owner_pkey" PRIMARY KEY ("hold_id")
);

-- CreateIndex
CREATE INDEX "account_member_email" ON "account_member"("account_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "account_member_external_id" ON "account_member"("account_id", "external_id");

-- From here on: what Prisma cannot say.
ALTER TABLE billing_account ADD CONSTRAINT billing_account_clock_in_test CHECK (clock_at IS NULL OR mode = 'test');
ALTER TABLE billing_account ADD CONSTRAINT billing_account_plan_anchor CHECK (plan_anchor_day BETWEEN 1 AND 31);
ALTER TABLE plan ADD CONSTRAINT plan_amount_bounds CHECK (monthly_price_cents >= 0 AND (seats IS NULL OR seats >= 0));
ALTER TABLE account_member ADD CONSTRAINT account_member_role_known CHECK (role IN ('owner', 'admin', 'member'));
ALTER TABLE account_member ADD CONSTRAINT account_member_seat_known CHECK (seat IN ('pro', 'lite'));
ALTER TABLE account_member ADD CONSTRAINT account_member_lite_whole CHECK ((lite_asset IS NULL) = (lite_amount IS NULL) AND (lite_amount IS NULL OR lite_amount > 0));
ALTER TABLE spend_limit ADD CONSTRAINT spend_limit_scope_known CHECK (scope IN ('organization', 'member', 'key', 'resource'));
ALTER TABLE spend_limit ADD CONSTRAINT spend_limit_subject CHECK (scope <> 'organization' OR subject IS NULL);
ALTER TABLE spend_limit ADD CONSTRAINT spend_limit_period_known CHECK (period IN ('day', 'month', 'total'));
ALTER TABLE spend_limit ADD CONSTRAINT spend_limit_mode_known CHECK (mode IN ('alert', 'block'));
ALTER TABLE spend_limit ADD CONSTRAINT spend_limit_not_negative CHECK (amount >= 0);
ALTER TABLE limit_counter ADD CONSTRAINT limit_counter_not_negative CHECK (used >= 0 AND reserved >= 0);
ALTER TABLE allowance_usage ADD CONSTRAINT allowance_usage_not_negative CHECK (covered >= 0 AND reserved >= 0);
ALTER TABLE hold ADD CONSTRAINT hold_status_known CHECK (status IN ('open', 'captured', 'released', 'expired'));
ALTER TABLE hold ADD CONSTRAINT hold_amount_bounds CHECK (amount >= 0 AND captured >= 0 AND released >= 0);
ALTER TABLE hold_allocation ADD CONSTRAINT hold_allocation_not_negative CHECK (held >= 0);

-- The holds that can still be captured in time: those of a wallet, and those that the sweep looks for.
CREATE INDEX hold_open ON hold (account_id, wallet_id, expires_at) WHERE status = 'open';
CREATE INDEX hold_open_expires ON hold (expires_at) WHERE status = 'open';

-- Rows that are updated in place: leave room on the page for it.
ALTER TABLE limit_counter SET (fillfactor = 50);
ALTER TABLE allowance_usage SET (fillfactor = 50);
ALTER TABLE hold SET (fillfactor = 80);
ALTER TABLE hold_allocation SET (fillfactor = 80);

GRANT SELECT, INSERT, UPDATE, DELETE ON plan, account_member, spend_limit, limit_counter, allowance_usage, hold, hold_allocation, hold_owner TO purser_app;

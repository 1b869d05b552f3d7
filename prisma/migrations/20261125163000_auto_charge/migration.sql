-- TENANT what is charged to the default card without a person on the page: the settings of auto-recharge, how the charges go, invoices.
-- CreateTable
CREATE TABLE "recharge" (
    "account_id" UUID NOT NULL,
    "asset_code" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "threshold" BIGINT NOT NULL,
    "size_mode" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "monthly_cap_cents" BIGINT,
    "disabled_reason" TEXT,
    "blocked_until" TIMESTAMPTZ(3),
    "changed_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "recharge_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "auto_charge" (
    "account_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "declines" SMALLINT NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),
    "payment_id" UUID,
    "reason" TEXT,
    "message" TEXT,
    "fingerprint" TEXT,
    "debt_since" TIMESTAMPTZ(3),
    "invoiced_until" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "auto_charge_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "invoice" (
    "account_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3) NOT NULL,
    "asset_code" TEXT NOT NULL,
    "lines" JSONB NOT NULL,
    "amount" BIGINT NOT NULL,
    "amount_cents" BIGINT NOT NULL,
    "payment_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "paid_at" TIMESTAMPTZ(3),

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("account_id","number")
);

-- From here on: what Prisma cannot say.
ALTER TABLE recharge ADD CONSTRAINT recharge_size_mode_known CHECK (size_mode IN ('amount', 'target'));
ALTER TABLE recharge ADD CONSTRAINT recharge_amount_bounds CHECK (threshold >= 0 AND size > 0 AND (monthly_cap_cents IS NULL OR monthly_cap_cents > 0));
ALTER TABLE recharge ADD CONSTRAINT recharge_disabled_reason CHECK (disabled_reason IS NULL OR NOT enabled);
ALTER TABLE auto_charge ADD CONSTRAINT auto_charge_status_known CHECK (status IN ('armed', 'charging', 'backing_off', 'suspended'));
ALTER TABLE auto_charge ADD CONSTRAINT auto_charge_open_attempt CHECK (status <> 'charging' OR payment_id IS NOT NULL);
ALTER TABLE auto_charge ADD CONSTRAINT auto_charge_waits CHECK ((status = 'backing_off') = (retry_at IS NOT NULL));
ALTER TABLE invoice ADD CONSTRAINT invoice_kind_known CHECK (kind IN ('month', 'final', 'supplementary'));
ALTER TABLE invoice ADD CONSTRAINT invoice_status_known CHECK (status IN ('open', 'paid', 'failed'));
ALTER TABLE invoice ADD CONSTRAINT invoice_amount_bounds CHECK (amount >= 0 AND amount_cents >= 0 AND number > 0);
ALTER TABLE invoice ADD CONSTRAINT invoice_paid_with_instant CHECK ((status = 'paid') = (paid_at IS NOT NULL));

-- What waits for its time, and what is still owed.
CREATE INDEX auto_charge_retry ON auto_charge (retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX auto_charge_debt ON auto_charge (debt_since) WHERE debt_since IS NOT NULL;
CREATE INDEX recharge_blocked ON recharge (blocked_until) WHERE blocked_until IS NOT NULL;
CREATE INDEX invoice_unpaid ON invoice (account_id, number) WHERE status <> 'paid';

GRANT SELECT, INSERT, UPDATE, DELETE ON recharge, auto_charge, invoice TO purser_app;

-- Accounts whose own policy is postpaid: the month ends that the sweep looks for.
CREATE INDEX billing_account_postpaid ON billing_account (id) WHERE jsonb_typeof(policy -> 'billing_mode') = 'object';

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "app_user" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "is_operator" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organization" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "billing_account" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "mode" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "time_zone" TEXT NOT NULL,
    "anchor_day" INTEGER NOT NULL DEFAULT 1,
    "policy" JSONB NOT NULL DEFAULT '{}',
    "stripe_customer_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "billing_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "seat" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "seat" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "invited_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_link" (
    "token_hash" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_link_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "mode" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operator_setting" (
    "id" INTEGER NOT NULL,
    "policy" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "operator_setting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stripe_event" (
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "notice" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "outcome" TEXT,
    "worked_at" TIMESTAMPTZ(3),

    CONSTRAINT "stripe_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credited_intent" (
    "payment_intent_id" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credited_intent_pkey" PRIMARY KEY ("payment_intent_id")
);

-- CreateTable
CREATE TABLE "mail" (
    "id" UUID NOT NULL,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalogue_version" (
    "mode" TEXT NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "catalogue_version_pkey" PRIMARY KEY ("mode")
);

-- CreateTable
CREATE TABLE "asset" (
    "mode" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scale" INTEGER NOT NULL,
    "usd_price" DECIMAL(24,12),

    CONSTRAINT "asset_pkey" PRIMARY KEY ("mode","code")
);

-- CreateTable
CREATE TABLE "meter" (
    "mode" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "heartbeat_timeout_seconds" INTEGER,

    CONSTRAINT "meter_pkey" PRIMARY KEY ("mode","key")
);

-- CreateTable
CREATE TABLE "price" (
    "mode" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "meter_key" TEXT NOT NULL,
    "asset_code" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "effective_from" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "price_pkey" PRIMARY KEY ("mode","id")
);

-- CreateTable
CREATE TABLE "wallet" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "asset_code" TEXT NOT NULL,
    "scale" SMALLINT NOT NULL,
    "member_id" UUID,
    "balance" BIGINT NOT NULL DEFAULT 0,
    "held" BIGINT NOT NULL DEFAULT 0,
    "debt" BIGINT NOT NULL DEFAULT 0,
    "last_sequence" BIGINT NOT NULL DEFAULT 0,
    "last_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "wallet_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "credit_grant" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "source" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "priority" SMALLINT NOT NULL,
    "scope" JSONB,
    "member_id" UUID,
    "amount" BIGINT NOT NULL,
    "remaining" BIGINT NOT NULL,
    "held" BIGINT NOT NULL DEFAULT 0,
    "open" BOOLEAN NOT NULL DEFAULT true,
    "cost_basis_cents" BIGINT NOT NULL,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "frozen" BOOLEAN NOT NULL DEFAULT false,
    "voided" BOOLEAN NOT NULL DEFAULT false,
    "payment_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credit_grant_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "entry" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "wallet_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "balance_after" BIGINT NOT NULL,
    "debt_change" BIGINT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "grant_id" UUID,
    "payment_id" UUID,
    "event_id" TEXT,
    "reverses_entry_id" UUID,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "entry_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "allocation" (
    "account_id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "alloc_order" SMALLINT NOT NULL,
    "grant_id" UUID NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "allocation_pkey" PRIMARY KEY ("account_id","entry_id","alloc_order")
);

-- CreateTable
CREATE TABLE "usage_event" (
    "account_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "wallet_id" UUID NOT NULL,
    "meter" TEXT NOT NULL,
    "price_id" UUID NOT NULL,
    "quantity" DECIMAL(28,12) NOT NULL,
    "used_before" DECIMAL(40,12) NOT NULL,
    "covered" DECIMAL(28,12) NOT NULL,
    "amount" BIGINT NOT NULL,
    "outcome" TEXT NOT NULL,
    "entry_id" UUID,
    "balance_after" BIGINT NOT NULL,
    "available" BIGINT NOT NULL,
    "member" TEXT,
    "key_label" TEXT,
    "resource" TEXT,
    "model" TEXT,
    "feature" TEXT,
    "dimensions" JSONB,
    "cost" DECIMAL(28,12),
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_event_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "daily_usage" (
    "account_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "wallet_id" UUID NOT NULL,
    "meter" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "resource" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "member" TEXT NOT NULL,
    "key_label" TEXT NOT NULL,
    "quantity" DECIMAL(40,12) NOT NULL,
    "amount" BIGINT NOT NULL,
    "cost" DECIMAL(40,12) NOT NULL,
    "events" BIGINT NOT NULL,

    CONSTRAINT "daily_usage_pkey" PRIMARY KEY ("account_id","day","wallet_id","meter","model","resource","feature","member","key_label")
);

-- CreateTable
CREATE TABLE "period_usage" (
    "account_id" UUID NOT NULL,
    "meter" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "quantity" DECIMAL(40,12) NOT NULL,

    CONSTRAINT "period_usage_pkey" PRIMARY KEY ("account_id","meter","period_start")
);

-- CreateTable
CREATE TABLE "payment" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "form_token" TEXT NOT NULL,
    "amount_cents" BIGINT NOT NULL,
    "credits" BIGINT NOT NULL,
    "asset_code" TEXT NOT NULL,
    "expires_after_days" INTEGER,
    "save_card" BOOLEAN NOT NULL,
    "card_id" UUID,
    "card_brand" TEXT,
    "card_last4" TEXT,
    "checkout_session_id" TEXT,
    "checkout_url" TEXT,
    "payment_intent_id" TEXT,
    "receipt_url" TEXT,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "entry_id" UUID,
    "grant_id" UUID,
    "started_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "card" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "stripe_payment_method_id" TEXT NOT NULL,
    "brand" TEXT NOT NULL,
    "last4" TEXT NOT NULL,
    "exp_month" SMALLINT NOT NULL,
    "exp_year" SMALLINT NOT NULL,
    "fingerprint" TEXT,
    "is_default" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "card_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "app_user_email_key" ON "app_user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "organization_slug_key" ON "organization"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "billing_account_stripe_customer_id_key" ON "billing_account"("stripe_customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "billing_account_organization_mode" ON "billing_account"("organization_id", "mode");

-- CreateIndex
CREATE UNIQUE INDEX "billing_account_mode_external_id" ON "billing_account"("mode", "external_id");

-- CreateIndex
CREATE INDEX "membership_user" ON "membership"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_organization_user" ON "membership"("organization_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

-- CreateIndex
CREATE INDEX "invitation_organization" ON "invitation"("organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_secret_hash_key" ON "api_key"("secret_hash");

-- CreateIndex
CREATE INDEX "stripe_event_status" ON "stripe_event"("status", "received_at");

-- CreateIndex
CREATE INDEX "mail_created_at" ON "mail"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "price_meter_effective_from" ON "price"("mode", "meter_key", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "credit_grant_wallet_sequence" ON "credit_grant"("account_id", "wallet_id", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "entry_wallet_sequence" ON "entry"("account_id", "wallet_id", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "entry_idempotency_key" ON "entry"("account_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "payment_created_at" ON "payment"("account_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "payment_form_token" ON "payment"("account_id", "form_token");

-- CreateIndex
CREATE UNIQUE INDEX "card_stripe_payment_method" ON "card"("account_id", "stripe_payment_method_id");

-- AddForeignKey
ALTER TABLE "billing_account" ADD CONSTRAINT "billing_account_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "price" ADD CONSTRAINT "price_mode_meter_key_fkey" FOREIGN KEY ("mode", "meter_key") REFERENCES "meter"("mode", "key") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "credit_grant" ADD CONSTRAINT "credit_grant_account_id_wallet_id_fkey" FOREIGN KEY ("account_id", "wallet_id") REFERENCES "wallet"("account_id", "id") ON DELETE RESTRICT ON UPDATE NO ACTION;

-- From here on: what Prisma cannot say.

-- Kinds, states and bounds. Text with a check instead of native enums: distributed PostgreSQL refuses the casts (docs/scaling.md).
ALTER TABLE billing_account ADD CONSTRAINT billing_account_mode_known CHECK (mode IN ('live', 'test'));
ALTER TABLE billing_account ADD CONSTRAINT billing_account_anchor_day CHECK (anchor_day BETWEEN 1 AND 31);
ALTER TABLE membership ADD CONSTRAINT membership_role_known CHECK (role IN ('owner', 'admin', 'member'));
ALTER TABLE membership ADD CONSTRAINT membership_seat_known CHECK (seat IN ('pro', 'lite'));
ALTER TABLE invitation ADD CONSTRAINT invitation_role_known CHECK (role IN ('owner', 'admin', 'member'));
ALTER TABLE invitation ADD CONSTRAINT invitation_seat_known CHECK (seat IN ('pro', 'lite'));
ALTER TABLE api_key ADD CONSTRAINT api_key_mode_known CHECK (mode IN ('live', 'test'));
ALTER TABLE stripe_event ADD CONSTRAINT stripe_event_status_known CHECK (status IN ('received', 'done', 'parked'));
ALTER TABLE asset ADD CONSTRAINT asset_scale_bounds CHECK (scale BETWEEN 0 AND 9);
ALTER TABLE meter ADD CONSTRAINT meter_unit_known CHECK (unit IN ('count', 'second', 'hour'));
ALTER TABLE operator_setting ADD CONSTRAINT operator_setting_single CHECK (id = 1);

ALTER TABLE wallet ADD CONSTRAINT wallet_scale_bounds CHECK (scale BETWEEN 0 AND 9);
ALTER TABLE wallet ADD CONSTRAINT wallet_amount_bounds CHECK (held >= 0 AND debt >= 0 AND last_sequence >= 0);
ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_amount_bounds CHECK (0 <= held AND held <= remaining AND remaining <= amount AND amount > 0);
ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_open_true CHECK (open = (remaining > 0));
ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_priority_bounds CHECK (priority BETWEEN 0 AND 100);
ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_cost_basis CHECK (cost_basis_cents >= 0);
ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_lifetime CHECK (expires_at IS NULL OR expires_at > effective_at);
ALTER TABLE entry ADD CONSTRAINT entry_kind_known CHECK (kind IN
  ('purchase', 'recharge', 'grant', 'coupon', 'usage', 'expiry', 'refund', 'dispute', 'reversal', 'adjustment', 'settlement'));
ALTER TABLE entry ADD CONSTRAINT entry_sequence_positive CHECK (sequence >= 1);
-- A settlement of amount 0 books debt that credit of the same wallet repaid when it came free.
ALTER TABLE entry ADD CONSTRAINT entry_amount_not_zero CHECK (amount <> 0 OR kind = 'settlement');
ALTER TABLE allocation ADD CONSTRAINT allocation_amount_not_zero CHECK (amount <> 0);
ALTER TABLE usage_event ADD CONSTRAINT usage_event_outcome_known CHECK (outcome IN ('charged', 'covered', 'free'));
ALTER TABLE usage_event ADD CONSTRAINT usage_event_not_negative CHECK (quantity >= 0 AND amount >= 0 AND covered >= 0);
ALTER TABLE payment ADD CONSTRAINT payment_kind_known CHECK (kind IN ('purchase', 'recharge'));
ALTER TABLE payment ADD CONSTRAINT payment_status_known CHECK (status IN
  ('started', 'awaiting_payment', 'processing', 'settled', 'failed', 'cancelled'));
ALTER TABLE payment ADD CONSTRAINT payment_amount_positive CHECK (amount_cents > 0 AND credits > 0);
ALTER TABLE payment ADD CONSTRAINT payment_settled_with_entry CHECK ((status = 'settled') = (entry_id IS NOT NULL));

-- One pool wallet per asset; one wallet per asset and Lite member.
CREATE UNIQUE INDEX wallet_pool_asset ON wallet (account_id, asset_code) WHERE member_id IS NULL;
CREATE UNIQUE INDEX wallet_member_asset ON wallet (account_id, member_id, asset_code) WHERE member_id IS NOT NULL;

-- The grants that can still pay. On `open`, not on `remaining > 0`: a predicate on remaining would make every debit a non-HOT update.
CREATE INDEX credit_grant_open ON credit_grant (account_id, wallet_id) WHERE open;

CREATE UNIQUE INDEX card_default ON card (account_id) WHERE is_default AND removed_at IS NULL;
CREATE UNIQUE INDEX payment_checkout_session ON payment (account_id, checkout_session_id) WHERE checkout_session_id IS NOT NULL;
CREATE UNIQUE INDEX payment_intent ON payment (account_id, payment_intent_id) WHERE payment_intent_id IS NOT NULL;
CREATE INDEX payment_open ON payment (account_id, status) WHERE status IN ('started', 'awaiting_payment', 'processing');

-- Wallet and grant rows are updated in place by every debit: leave room on the page for it.
ALTER TABLE wallet SET (fillfactor = 50);
ALTER TABLE credit_grant SET (fillfactor = 80);

-- The journal is append-only: by trigger here, and by the application role's rights below.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused. Correct a mistake with a reversal.', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocation_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON allocation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER usage_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON usage_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Jobs are enqueued by the application inside its own transactions; the queue's tables stay closed to it.
CREATE FUNCTION enqueue_job(task text, payload json, unique_key text, run_at timestamptz, max_attempts int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM graphile_worker.add_job(task, payload, run_at => run_at, max_attempts => max_attempts, job_key => unique_key);
END
$$;
REVOKE ALL ON FUNCTION enqueue_job(text, json, text, timestamptz, int) FROM PUBLIC;

-- A worker that was killed leaves its jobs locked for hours: the next one to start, when it is the only one, frees them.
CREATE FUNCTION free_abandoned_jobs() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM graphile_worker.force_unlock_workers(
    ARRAY(SELECT DISTINCT locked_by FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL));
END
$$;
REVOKE ALL ON FUNCTION free_abandoned_jobs() FROM PUBLIC;

-- The application works as this role: it can add to the journal and never change it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'purser_app') THEN
    CREATE ROLE purser_app NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
GRANT purser_app TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO purser_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO purser_app;
REVOKE UPDATE, DELETE ON entry, allocation, usage_event FROM purser_app;
REVOKE ALL ON _prisma_migrations FROM purser_app;
GRANT EXECUTE ON FUNCTION enqueue_job(text, json, text, timestamptz, int) TO purser_app;
GRANT EXECUTE ON FUNCTION free_abandoned_jobs() TO purser_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO purser_app;

-- The default asset of both modes, and the catalogue's starting versions.
INSERT INTO asset (mode, code, name, scale, usd_price) VALUES ('live', 'credit', 'Credits', 9, 1), ('test', 'credit', 'Credits', 9, 1);
INSERT INTO catalogue_version (mode, version) VALUES ('live', 1), ('test', 1);

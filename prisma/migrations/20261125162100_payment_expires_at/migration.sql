-- Credits that expire at the end of a contract: the instant that was promised when the payment was opened.
ALTER TABLE "payment" ADD COLUMN "expires_at" TIMESTAMPTZ(3);

-- Whether an account ever had a test clock.
ALTER TABLE "billing_account" ADD COLUMN     "clock_used" BOOLEAN NOT NULL DEFAULT false;

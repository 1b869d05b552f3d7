-- A sum of amounts may be more than any one amount.
ALTER TABLE "daily_usage" ALTER COLUMN "amount" TYPE DECIMAL(40,0);

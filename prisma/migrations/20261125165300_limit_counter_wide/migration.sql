-- A sum of amounts may be more than any one amount.
ALTER TABLE "limit_counter" ALTER COLUMN "used" TYPE DECIMAL(40,0), ALTER COLUMN "reserved" TYPE DECIMAL(40,0);

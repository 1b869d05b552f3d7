-- How old a debt is and when it was last charged stands with the account's charges.
ALTER TABLE "run" DROP COLUMN "debt_since", DROP COLUMN "settle_asked_at";

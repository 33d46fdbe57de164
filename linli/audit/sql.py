"""The database's part of the audit: sealing events into a chain at commit, and keeping them as written."""

# Deferred to commit, so that the chain's single head is locked only for the moment of committing, and so that
# rolled-back deeds leave no gap. Raw inserts are chained as well.
CHAIN = """
INSERT INTO audit_chainhead (id, seq, hash) VALUES (1, 0, '') ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION linli_event_hash(previous text, e audit_event, number bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws(chr(31), previous, number::text,
        (extract(epoch from e.at) * 1000000)::bigint::text, e.user_id::text, e.user_name, e.verb, e.target_type,
        coalesce(e.target_id::text, ''), e.region_code, e.summary, e.reason, e.data::text), 'UTF8')), 'hex')
$$;

CREATE OR REPLACE FUNCTION linli_seal_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head audit_chainhead; sealed audit_event; digest text;
BEGIN
    INSERT INTO audit_chainhead (id, seq, hash) VALUES (1, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_chainhead WHERE id = 1 FOR UPDATE;
    SELECT * INTO sealed FROM audit_event WHERE id = NEW.id;
    IF sealed.id IS NULL OR sealed.hash IS NOT NULL THEN
        RETURN NULL;
    END IF;
    digest := linli_event_hash(head.hash, sealed, head.seq + 1);
    UPDATE audit_event SET seq = head.seq + 1, hash = digest WHERE id = NEW.id;
    UPDATE audit_chainhead SET seq = head.seq + 1, hash = digest WHERE id = 1;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER event_seal AFTER INSERT ON audit_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION linli_seal_event();

CREATE OR REPLACE FUNCTION linli_keep_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.hash IS NULL AND NEW.hash IS NOT NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit events are append-only';
END $$;

CREATE TRIGGER event_keep BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION linli_keep_event();
"""

UNCHAIN = """
DROP TRIGGER IF EXISTS event_keep ON audit_event;
DROP TRIGGER IF EXISTS event_seal ON audit_event;
DROP FUNCTION IF EXISTS linli_keep_event();
DROP FUNCTION IF EXISTS linli_seal_event();
DROP FUNCTION IF EXISTS linli_event_hash(text, audit_event, bigint);
"""

# The first link that does not follow from the one before it, if any.
VERIFY = """
WITH chained AS (
    SELECT e, e.id, e.seq, e.hash, lag(e.hash, 1, '') OVER w AS previous, lag(e.seq, 1, 0::bigint) OVER w AS before
    FROM audit_event e WHERE e.seq IS NOT NULL WINDOW w AS (ORDER BY e.seq)
)
SELECT id, seq, CASE WHEN seq <> before + 1 THEN 'gap' ELSE 'changed' END
FROM chained
WHERE seq <> before + 1 OR hash <> linli_event_hash(previous, e, seq)
ORDER BY seq LIMIT 1
"""

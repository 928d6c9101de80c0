-- A store as schema version 1 wrote it. Never changed: newer programs must read it.
CREATE TABLE channel (
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
  peer BLOB NOT NULL CHECK (length(peer) = 33),
  stage TEXT NOT NULL,
  commitment_number INTEGER NOT NULL CHECK (commitment_number >= 0),
  local_msat INTEGER NOT NULL CHECK (local_msat >= 0),
  remote_msat INTEGER NOT NULL CHECK (remote_msat >= 0),
  capacity_sat INTEGER NOT NULL CHECK (capacity_sat >= 0),
  remote_signed INTEGER NOT NULL,
  remote_signed_digest BLOB NOT NULL,
  local_stored INTEGER NOT NULL,
  revoked INTEGER NOT NULL CHECK (revoked = -1 OR revoked < local_stored),
  state BLOB NOT NULL
) STRICT;
CREATE TABLE revoked_commitment (
  channel INTEGER NOT NULL REFERENCES channel (key),
  commitment_number INTEGER NOT NULL CHECK (commitment_number >= 0),
  bytes BLOB NOT NULL,
  PRIMARY KEY (channel, commitment_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
  key INTEGER PRIMARY KEY CHECK (key = 1),
  state BLOB NOT NULL
) STRICT;
CREATE TABLE registers (
  key INTEGER PRIMARY KEY CHECK (key = 1),
  import_mwh INTEGER NOT NULL CHECK (import_mwh >= 0),
  export_mwh INTEGER NOT NULL CHECK (export_mwh >= 0),
  carry BLOB NOT NULL
) STRICT;
CREATE TABLE outbox (
  sequence INTEGER NOT NULL, -- of the journal
  position INTEGER NOT NULL,
  destination TEXT NOT NULL,
  payload BLOB NOT NULL,
  PRIMARY KEY (sequence, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
  sequence INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL, -- Unix time
  event TEXT NOT NULL,
  channel ANY, -- the key of a stored channel (short), else the 32-byte id
  commitment_number INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

PRAGMA application_id = 1129343340;
INSERT INTO channel VALUES (1, unhex('0101010101010101010101010101010101010101010101010101010101010101'), unhex('020000000000000000000000000000000000000000000000000000000000000000'), 'Normal', 7, 1000, 2000, 3, 7, x'01', 7, 6, x'aabb');
INSERT INTO revoked_commitment VALUES (1, 5, x'cc');
INSERT INTO session VALUES (1, x'dd');
INSERT INTO registers VALUES (1, 123000, 4000, x'');
INSERT INTO outbox VALUES (42, 0, 'peer:02', x'ee');
INSERT INTO journal VALUES (41, 1780315200123, 'energy_update', 1, 7, '');
INSERT INTO journal VALUES (42, 1780315200124, 'refused', unhex('0202020202020202020202020202020202020202020202020202020202020202'), 0, 'capacity too low');
INSERT INTO meta VALUES ('network', 'regtest');
PRAGMA user_version = 1;

-- What the fifth version added: the training that goes on wrote half a second after its last metric.
ALTER TABLE runs ADD COLUMN last_written INTEGER;
INSERT INTO grdb_migrations VALUES ('5: signs of life');

UPDATE runs SET last_written = ended;
UPDATE runs SET last_written = 1700000311000 WHERE id = 'dd00000000000000000000000000000d';

-- What Chroma 1.5.9 wrote for two small collections; the tables that hold them, without its indexes and settings.
CREATE TABLE "collections" (
    id TEXT PRIMARY KEY, -- unique globally
    name TEXT NOT NULL, -- unique per database
    dimension INTEGER,
    database_id TEXT NOT NULL REFERENCES databases(id) ON DELETE CASCADE, config_json_str TEXT, schema_str TEXT,
    UNIQUE (name, database_id)
);
INSERT INTO "collections" VALUES('ec9a0e99-f8e3-4674-9eec-da6df7f95fe5','notes',3,'00000000-0000-0000-0000-000000000000','{}',NULL);
INSERT INTO "collections" VALUES('d7f98099-88b8-4269-8795-d8f3da256579','other',2,'00000000-0000-0000-0000-000000000000','{}',NULL);
CREATE TABLE "segments" (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    scope TEXT NOT NULL,
    collection TEXT REFERENCES collection(id) NOT NULL
);
INSERT INTO "segments" VALUES('48ad94a0-754c-4478-81ff-b1bc3873ddb8','urn:chroma:segment/vector/hnsw-local-persisted','VECTOR','ec9a0e99-f8e3-4674-9eec-da6df7f95fe5');
INSERT INTO "segments" VALUES('f0eded50-e4d3-4554-8d72-3ebe12a8729b','urn:chroma:segment/metadata/sqlite','METADATA','ec9a0e99-f8e3-4674-9eec-da6df7f95fe5');
INSERT INTO "segments" VALUES('936baddc-28d6-4566-94eb-d6df66b4dfae','urn:chroma:segment/vector/hnsw-local-persisted','VECTOR','d7f98099-88b8-4269-8795-d8f3da256579');
INSERT INTO "segments" VALUES('04a43809-7afa-456e-823d-6b9869385c1e','urn:chroma:segment/metadata/sqlite','METADATA','d7f98099-88b8-4269-8795-d8f3da256579');
CREATE TABLE embeddings (
    id INTEGER PRIMARY KEY,
    segment_id TEXT NOT NULL,
    embedding_id TEXT NOT NULL,
    seq_id BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (segment_id, embedding_id)
);
INSERT INTO "embeddings" VALUES(1,'f0eded50-e4d3-4554-8d72-3ebe12a8729b','x',1,'2026-11-22 03:49:36');
INSERT INTO "embeddings" VALUES(2,'f0eded50-e4d3-4554-8d72-3ebe12a8729b','a',6,'2026-11-22 03:49:36');
INSERT INTO "embeddings" VALUES(3,'f0eded50-e4d3-4554-8d72-3ebe12a8729b','b',7,'2026-11-22 03:49:36');
INSERT INTO "embeddings" VALUES(4,'f0eded50-e4d3-4554-8d72-3ebe12a8729b','c',4,'2026-11-22 03:49:36');
INSERT INTO "embeddings" VALUES(5,'04a43809-7afa-456e-823d-6b9869385c1e','a',9,'2026-11-22 03:49:36');
CREATE TABLE embedding_metadata (
    id INTEGER REFERENCES embeddings(id),
    key TEXT NOT NULL,
    string_value TEXT,
    int_value INTEGER,
    float_value REAL, bool_value INTEGER,
    PRIMARY KEY (id, key)
);
INSERT INTO "embedding_metadata" VALUES(1,'chroma:document','x',NULL,NULL,NULL);
INSERT INTO "embedding_metadata" VALUES(2,'chroma:document','late orders',NULL,NULL,NULL);
INSERT INTO "embedding_metadata" VALUES(2,'weight',NULL,NULL,3.25,NULL);
INSERT INTO "embedding_metadata" VALUES(2,'ok',NULL,NULL,NULL,1);
INSERT INTO "embedding_metadata" VALUES(2,'n',NULL,7,NULL,NULL);
INSERT INTO "embedding_metadata" VALUES(2,'source','s1',NULL,NULL,NULL);
INSERT INTO "embedding_metadata" VALUES(3,'chroma:document','café ☕
line two',NULL,NULL,NULL);
INSERT INTO "embedding_metadata" VALUES(3,'ok',NULL,NULL,NULL,0);
INSERT INTO "embedding_metadata" VALUES(3,'source','s2',NULL,NULL,NULL);
INSERT INTO "embedding_metadata" VALUES(4,'source','s3',NULL,NULL,NULL);
INSERT INTO "embedding_metadata" VALUES(5,'chroma:document','same id elsewhere',NULL,NULL,NULL);
CREATE TABLE embedding_metadata_array (
    id INTEGER NOT NULL REFERENCES embeddings(id),
    key TEXT NOT NULL,
    string_value TEXT,
    int_value INTEGER,
    float_value REAL,
    bool_value INTEGER
);
INSERT INTO "embedding_metadata_array" VALUES(1,'nums',NULL,1,NULL,NULL);
INSERT INTO "embedding_metadata_array" VALUES(1,'nums',NULL,2,NULL,NULL);
INSERT INTO "embedding_metadata_array" VALUES(1,'list','a',NULL,NULL,NULL);
INSERT INTO "embedding_metadata_array" VALUES(1,'list','b',NULL,NULL,NULL);
CREATE TABLE embeddings_queue (
    seq_id INTEGER PRIMARY KEY,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    operation INTEGER NOT NULL,
    topic TEXT NOT NULL,
    id TEXT NOT NULL,
    vector BLOB,
    encoding TEXT,
    metadata TEXT
);
INSERT INTO "embeddings_queue" VALUES(1,'2026-11-22 03:49:36',0,'persistent://default/default/ec9a0e99-f8e3-4674-9eec-da6df7f95fe5','x',X'0000803F0000004000004040','FLOAT32','{"nums":[1,2],"chroma:document":"x","list":["a","b"]}');
INSERT INTO "embeddings_queue" VALUES(2,'2026-11-22 03:49:36',0,'persistent://default/default/ec9a0e99-f8e3-4674-9eec-da6df7f95fe5','a',X'CDCCCC3DCDCC4C3E9A99993E','FLOAT32','{"weight":2.5,"chroma:document":"late orders","source":"s1","n":7,"ok":true}');
INSERT INTO "embeddings_queue" VALUES(3,'2026-11-22 03:49:36',0,'persistent://default/default/ec9a0e99-f8e3-4674-9eec-da6df7f95fe5','b',X'0000803F000020C000000000','FLOAT32','{"ok":false,"chroma:document":"café ☕\nline two","source":"s2"}');
INSERT INTO "embeddings_queue" VALUES(4,'2026-11-22 03:49:36',0,'persistent://default/default/ec9a0e99-f8e3-4674-9eec-da6df7f95fe5','c',X'0000003F0000003F0000003F','FLOAT32','{"source":"s3"}');
INSERT INTO "embeddings_queue" VALUES(5,'2026-11-22 03:49:36',0,'persistent://default/default/ec9a0e99-f8e3-4674-9eec-da6df7f95fe5','d',X'00000000000000000000803F','FLOAT32','{"chroma:document":"gone"}');
INSERT INTO "embeddings_queue" VALUES(6,'2026-11-22 03:49:36',1,'persistent://default/default/ec9a0e99-f8e3-4674-9eec-da6df7f95fe5','a',NULL,NULL,'{"weight":3.25}');
INSERT INTO "embeddings_queue" VALUES(7,'2026-11-22 03:49:36',1,'persistent://default/default/ec9a0e99-f8e3-4674-9eec-da6df7f95fe5','b',X'000080400000A0400000C040','FLOAT32','{}');
INSERT INTO "embeddings_queue" VALUES(8,'2026-11-22 03:49:36',3,'persistent://default/default/ec9a0e99-f8e3-4674-9eec-da6df7f95fe5','d',NULL,NULL,'{}');
INSERT INTO "embeddings_queue" VALUES(9,'2026-11-22 03:49:36',0,'persistent://default/default/d7f98099-88b8-4269-8795-d8f3da256579','a',X'0000803F00000040','FLOAT32','{"chroma:document":"same id elsewhere"}');

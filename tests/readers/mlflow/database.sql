BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('dc11669786a5');
CREATE TABLE "assessments" (
	assessment_id VARCHAR(50) NOT NULL, 
	trace_id VARCHAR(50) NOT NULL, 
	name VARCHAR(250) NOT NULL, 
	assessment_type VARCHAR(20) NOT NULL, 
	value TEXT NOT NULL, 
	error TEXT, 
	created_timestamp BIGINT NOT NULL, 
	last_updated_timestamp BIGINT NOT NULL, 
	source_type VARCHAR(50) NOT NULL, 
	source_id VARCHAR(250), 
	run_id VARCHAR(32), 
	span_id VARCHAR(50), 
	rationale TEXT, 
	overrides VARCHAR(50), 
	valid BOOLEAN NOT NULL, 
	assessment_metadata TEXT, 
	experiment_id INTEGER, 
	trace_timestamp_ms BIGINT, 
	aggregate_value FLOAT, 
	is_numeric_value BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT assessments_pk PRIMARY KEY (assessment_id), 
	CONSTRAINT fk_assessments_trace_id FOREIGN KEY(trace_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE TABLE budget_policies (
	budget_policy_id VARCHAR(36) NOT NULL, 
	budget_unit VARCHAR(32) NOT NULL, 
	budget_amount FLOAT NOT NULL, 
	duration_unit VARCHAR(32) NOT NULL, 
	duration_value INTEGER NOT NULL, 
	target_scope VARCHAR(32) NOT NULL, 
	budget_action VARCHAR(32) NOT NULL, 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, target_value VARCHAR(255), 
	CONSTRAINT budget_policies_pk PRIMARY KEY (budget_policy_id)
);
CREATE TABLE "datasets" (
	dataset_uuid VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	digest VARCHAR(36) NOT NULL, 
	dataset_source_type VARCHAR(36) NOT NULL, 
	dataset_source TEXT NOT NULL, 
	dataset_schema TEXT, 
	dataset_profile TEXT, 
	CONSTRAINT dataset_pk PRIMARY KEY (experiment_id, name, digest), 
	CONSTRAINT fk_datasets_experiment_id_experiments FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
INSERT INTO "datasets" VALUES('c27fd920918e493495a2e790c37904f5',1,'flights','e62b29fe','http','{"url": "https://example.org/flights.csv"}',NULL,NULL);
CREATE TABLE endpoint_bindings (
	endpoint_id VARCHAR(36) NOT NULL, 
	resource_type VARCHAR(50) NOT NULL, 
	resource_id VARCHAR(255) NOT NULL, 
	created_at BIGINT NOT NULL, 
	created_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), display_name VARCHAR(255), 
	CONSTRAINT endpoint_bindings_pk PRIMARY KEY (endpoint_id, resource_type, resource_id), 
	CONSTRAINT fk_endpoint_bindings_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES endpoints (endpoint_id) ON DELETE CASCADE
);
CREATE TABLE endpoint_model_mappings (
	mapping_id VARCHAR(36) NOT NULL, 
	endpoint_id VARCHAR(36) NOT NULL, 
	model_definition_id VARCHAR(36) NOT NULL, 
	weight FLOAT NOT NULL, 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, linkage_type VARCHAR(64) DEFAULT 'PRIMARY' NOT NULL, fallback_order INTEGER, 
	CONSTRAINT endpoint_model_mappings_pk PRIMARY KEY (mapping_id), 
	CONSTRAINT fk_endpoint_model_mappings_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES endpoints (endpoint_id) ON DELETE CASCADE, 
	CONSTRAINT fk_endpoint_model_mappings_model_definition_id FOREIGN KEY(model_definition_id) REFERENCES model_definitions (model_definition_id)
);
CREATE TABLE endpoint_tags (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	endpoint_id VARCHAR(36) NOT NULL, 
	CONSTRAINT endpoint_tag_pk PRIMARY KEY ("key", endpoint_id), 
	CONSTRAINT fk_endpoint_tags_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES endpoints (endpoint_id) ON DELETE CASCADE
);
CREATE TABLE "endpoints" (
	endpoint_id VARCHAR(36) NOT NULL, 
	name VARCHAR(255), 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	routing_strategy VARCHAR(64), 
	fallback_config_json TEXT, 
	experiment_id INTEGER, 
	usage_tracking BOOLEAN DEFAULT '0' NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT endpoints_pk PRIMARY KEY (endpoint_id), 
	CONSTRAINT fk_endpoints_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE SET NULL, 
	CONSTRAINT uq_endpoints_workspace_name UNIQUE (workspace, name)
);
CREATE TABLE entity_associations (
	association_id VARCHAR(36) NOT NULL, 
	source_type VARCHAR(36) NOT NULL, 
	source_id VARCHAR(36) NOT NULL, 
	destination_type VARCHAR(36) NOT NULL, 
	destination_id VARCHAR(36) NOT NULL, 
	created_time BIGINT, 
	CONSTRAINT entity_associations_pk PRIMARY KEY (source_type, source_id, destination_type, destination_id)
);
CREATE TABLE "evaluation_dataset_records" (
	dataset_record_id VARCHAR(36) NOT NULL, 
	dataset_id VARCHAR(36) NOT NULL, 
	inputs JSON NOT NULL, 
	expectations JSON, 
	tags JSON, 
	source JSON, 
	source_id VARCHAR(36), 
	source_type VARCHAR(255), 
	created_time BIGINT, 
	last_update_time BIGINT, 
	created_by VARCHAR(255), 
	last_updated_by VARCHAR(255), 
	input_hash VARCHAR(64) NOT NULL, outputs JSON, 
	CONSTRAINT evaluation_dataset_records_pk PRIMARY KEY (dataset_record_id), 
	CONSTRAINT fk_evaluation_dataset_records_dataset_id FOREIGN KEY(dataset_id) REFERENCES evaluation_datasets (dataset_id) ON DELETE CASCADE, 
	CONSTRAINT unique_dataset_input UNIQUE (dataset_id, input_hash)
);
CREATE TABLE evaluation_dataset_tags (
	dataset_id VARCHAR(36) NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	value VARCHAR(5000), 
	CONSTRAINT evaluation_dataset_tags_pk PRIMARY KEY (dataset_id, "key"), 
	CONSTRAINT fk_evaluation_dataset_tags_dataset_id FOREIGN KEY(dataset_id) REFERENCES evaluation_datasets (dataset_id) ON DELETE CASCADE
);
CREATE TABLE "evaluation_datasets" (
	dataset_id VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	schema TEXT, 
	profile TEXT, 
	digest VARCHAR(64), 
	created_time BIGINT, 
	last_update_time BIGINT, 
	created_by VARCHAR(255), 
	last_updated_by VARCHAR(255), 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT evaluation_datasets_pk PRIMARY KEY (dataset_id)
);
CREATE TABLE "experiment_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value TEXT, 
	experiment_id INTEGER NOT NULL, 
	CONSTRAINT experiment_tag_pk PRIMARY KEY ("key", experiment_id), 
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id)
);
INSERT INTO "experiment_tags" VALUES('team','ground',1);
CREATE TABLE "experiments" (
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	artifact_location VARCHAR(256), 
	lifecycle_stage VARCHAR(32), 
	creation_time BIGINT, 
	last_update_time BIGINT, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT experiment_pk PRIMARY KEY (experiment_id), 
	CONSTRAINT experiments_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), 
	CONSTRAINT uq_experiments_workspace_name UNIQUE (workspace, name)
);
INSERT INTO "experiments" VALUES(0,'Default','/tmp/wt/merge/mlruns/0','active',1795267269514,1795267269514,'default');
INSERT INTO "experiments" VALUES(1,'delays','file://{FOLDER}/artifacts','active',1795267269574,1795267269574,'default');
INSERT INTO "experiments" VALUES(2,'empty','/tmp/wt/merge/mlruns/2','deleted',1795267273050,1795267273103,'default');
CREATE TABLE guardrail_configs (
	endpoint_id VARCHAR(36) NOT NULL, 
	guardrail_id VARCHAR(36) NOT NULL, 
	execution_order INTEGER, 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT guardrail_configs_pk PRIMARY KEY (endpoint_id, guardrail_id), 
	CONSTRAINT fk_guardrail_configs_endpoint_id FOREIGN KEY(endpoint_id) REFERENCES endpoints (endpoint_id) ON DELETE CASCADE, 
	CONSTRAINT fk_guardrail_configs_guardrail_id FOREIGN KEY(guardrail_id) REFERENCES guardrails (guardrail_id) ON DELETE CASCADE
);
CREATE TABLE guardrails (
	guardrail_id VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	scorer_id VARCHAR(36) NOT NULL, 
	scorer_version INTEGER NOT NULL, 
	stage VARCHAR(32) NOT NULL, 
	action VARCHAR(32) NOT NULL, 
	action_endpoint_id VARCHAR(36), 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT guardrails_pk PRIMARY KEY (guardrail_id), 
	CONSTRAINT fk_guardrails_scorer_version FOREIGN KEY(scorer_id, scorer_version) REFERENCES scorer_versions (scorer_id, scorer_version), 
	CONSTRAINT fk_guardrails_action_endpoint_id FOREIGN KEY(action_endpoint_id) REFERENCES endpoints (endpoint_id) ON DELETE SET NULL
);
CREATE TABLE input_tags (
	input_uuid VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	value VARCHAR(500) NOT NULL, 
	CONSTRAINT input_tags_pk PRIMARY KEY (input_uuid, name)
);
INSERT INTO "input_tags" VALUES('e4aa58908bef4c2e8e78e626b0bcad9f','mlflow.data.context','training');
CREATE TABLE inputs (
	input_uuid VARCHAR(36) NOT NULL, 
	source_type VARCHAR(36) NOT NULL, 
	source_id VARCHAR(36) NOT NULL, 
	destination_type VARCHAR(36) NOT NULL, 
	destination_id VARCHAR(36) NOT NULL, step BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT inputs_pk PRIMARY KEY (source_type, source_id, destination_type, destination_id)
);
INSERT INTO "inputs" VALUES('e4aa58908bef4c2e8e78e626b0bcad9f','DATASET','c27fd920918e493495a2e790c37904f5','RUN','d5500f55c1724df2ad43ab517da1599d',0);
CREATE TABLE issues (
	issue_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(250) NOT NULL, 
	description TEXT NOT NULL, 
	status VARCHAR(50) NOT NULL, 
	severity VARCHAR(50), 
	root_causes TEXT, 
	source_run_id VARCHAR(32), 
	categories TEXT, 
	created_timestamp BIGINT NOT NULL, 
	last_updated_timestamp BIGINT NOT NULL, 
	created_by VARCHAR(255), 
	CONSTRAINT issues_pk PRIMARY KEY (issue_id), 
	CONSTRAINT fk_issues_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE, 
	CONSTRAINT fk_issues_source_run_id FOREIGN KEY(source_run_id) REFERENCES runs (run_uuid) ON DELETE SET NULL
);
CREATE TABLE job_locks (
	lock_key VARCHAR(255) NOT NULL, 
	job_id VARCHAR(36) NOT NULL, 
	acquired_at BIGINT NOT NULL, 
	CONSTRAINT job_locks_pk PRIMARY KEY (lock_key), 
	CONSTRAINT fk_job_locks_job_id FOREIGN KEY(job_id) REFERENCES jobs (id) ON DELETE CASCADE
);
CREATE TABLE "jobs" (
	id VARCHAR(36) NOT NULL, 
	creation_time BIGINT NOT NULL, 
	job_name VARCHAR(500) NOT NULL, 
	params TEXT NOT NULL, 
	timeout FLOAT, 
	status INTEGER NOT NULL, 
	result TEXT, 
	retry_count INTEGER NOT NULL, 
	last_update_time BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, status_details JSON, creator VARCHAR(255), executor_backend VARCHAR(255), lease_expires_at BIGINT, status_message TEXT, progress JSON, progress_updated_at BIGINT, token_hash VARCHAR(64), scoped_permissions JSON, next_attempt_at BIGINT, 
	CONSTRAINT jobs_pk PRIMARY KEY (id)
);
CREATE TABLE label_schemas (
	schema_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(250) NOT NULL, 
	type VARCHAR(16) NOT NULL, 
	instruction TEXT, 
	enable_comment BOOLEAN DEFAULT '0' NOT NULL, 
	input_type VARCHAR(32) NOT NULL, 
	input_config TEXT NOT NULL, 
	created_by VARCHAR(255), 
	created_time BIGINT NOT NULL, 
	last_update_time BIGINT NOT NULL, 
	is_default BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT label_schemas_pk PRIMARY KEY (schema_id), 
	CONSTRAINT fk_label_schemas_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE, 
	CONSTRAINT uq_label_schemas_exp_name UNIQUE (experiment_id, name)
);
CREATE TABLE "latest_metrics" (
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT NOT NULL, 
	timestamp BIGINT, 
	step BIGINT NOT NULL, 
	is_nan BOOLEAN NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT latest_metric_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid), 
	CHECK (is_nan IN (0, 1))
);
INSERT INTO "latest_metrics" VALUES('val/loss: mean',0.02,1700000002049,49,0,'b04ca8e926164df6999b633cec476a9d');
INSERT INTO "latest_metrics" VALUES('odd',-1.79769313486231562234e+308,1700000003000,3,0,'b04ca8e926164df6999b633cec476a9d');
INSERT INTO "latest_metrics" VALUES('val/loss: mean',0.02,1700000002049,49,0,'2f54df597ff74ccaa21821a5373b5128');
INSERT INTO "latest_metrics" VALUES('odd',-1.79769313486231562234e+308,1700000003000,3,0,'2f54df597ff74ccaa21821a5373b5128');
INSERT INTO "latest_metrics" VALUES('val/loss: mean',0.02,1700000002049,49,0,'b74b24fcca274992816eedb8360b56f2');
INSERT INTO "latest_metrics" VALUES('odd',-1.79769313486231562234e+308,1700000003000,3,0,'b74b24fcca274992816eedb8360b56f2');
INSERT INTO "latest_metrics" VALUES('val/loss: mean',0.02,1700000002049,49,0,'d5500f55c1724df2ad43ab517da1599d');
INSERT INTO "latest_metrics" VALUES('odd',-1.79769313486231562234e+308,1700000003000,3,0,'d5500f55c1724df2ad43ab517da1599d');
INSERT INTO "latest_metrics" VALUES('loss',9.0,1700000200000,0,0,'750c6a9be8b848d0857cc8659680bdcd');
CREATE TABLE logged_model_metrics (
	model_id VARCHAR(36) NOT NULL, 
	metric_name VARCHAR(500) NOT NULL, 
	metric_timestamp_ms BIGINT NOT NULL, 
	metric_step BIGINT NOT NULL, 
	metric_value FLOAT, 
	experiment_id INTEGER NOT NULL, 
	run_id VARCHAR(32) NOT NULL, 
	dataset_uuid VARCHAR(36), 
	dataset_name VARCHAR(500), 
	dataset_digest VARCHAR(36), 
	CONSTRAINT logged_model_metrics_pk PRIMARY KEY (model_id, metric_name, metric_timestamp_ms, metric_step, run_id), 
	CONSTRAINT fk_logged_model_metrics_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CONSTRAINT fk_logged_model_metrics_model_id FOREIGN KEY(model_id) REFERENCES logged_models (model_id) ON DELETE CASCADE, 
	CONSTRAINT fk_logged_model_metrics_run_id FOREIGN KEY(run_id) REFERENCES runs (run_uuid) ON DELETE CASCADE
);
CREATE TABLE logged_model_params (
	model_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	param_key VARCHAR(255) NOT NULL, 
	param_value TEXT NOT NULL, 
	CONSTRAINT logged_model_params_pk PRIMARY KEY (model_id, param_key), 
	CONSTRAINT fk_logged_model_params_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CONSTRAINT fk_logged_model_params_model_id FOREIGN KEY(model_id) REFERENCES logged_models (model_id) ON DELETE CASCADE
);
CREATE TABLE logged_model_tags (
	model_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	tag_key VARCHAR(255) NOT NULL, 
	tag_value TEXT NOT NULL, 
	CONSTRAINT logged_model_tags_pk PRIMARY KEY (model_id, tag_key), 
	CONSTRAINT fk_logged_model_tags_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CONSTRAINT fk_logged_model_tags_model_id FOREIGN KEY(model_id) REFERENCES logged_models (model_id) ON DELETE CASCADE
);
CREATE TABLE logged_models (
	model_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	artifact_location VARCHAR(1000) NOT NULL, 
	creation_timestamp_ms BIGINT NOT NULL, 
	last_updated_timestamp_ms BIGINT NOT NULL, 
	status INTEGER NOT NULL, 
	lifecycle_stage VARCHAR(32), 
	model_type VARCHAR(500), 
	source_run_id VARCHAR(32), 
	status_message VARCHAR(1000), 
	CONSTRAINT logged_models_pk PRIMARY KEY (model_id), 
	CONSTRAINT logged_models_lifecycle_stage_check CHECK (lifecycle_stage IN ('active', 'deleted')), 
	CONSTRAINT fk_logged_models_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
CREATE TABLE mcp_access_endpoints (
	id VARCHAR(36) NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	server_name VARCHAR(256) NOT NULL, 
	server_version VARCHAR(128), 
	server_alias VARCHAR(256), 
	url VARCHAR(2048) NOT NULL, 
	transport_type VARCHAR(32) DEFAULT 'streamable-http' NOT NULL, 
	created_by VARCHAR(256), 
	last_updated_by VARCHAR(256), 
	created_at BIGINT NOT NULL, 
	last_updated_at BIGINT NOT NULL, 
	CONSTRAINT mcp_access_endpoints_pk PRIMARY KEY (id), 
	CONSTRAINT mcp_access_endpoints_server_fkey FOREIGN KEY(workspace, server_name) REFERENCES mcp_servers (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE mcp_server_aliases (
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	alias VARCHAR(256) NOT NULL, 
	version VARCHAR(128) NOT NULL, 
	CONSTRAINT mcp_server_aliases_pk PRIMARY KEY (workspace, name, alias), 
	CONSTRAINT mcp_server_aliases_server_fkey FOREIGN KEY(workspace, name) REFERENCES mcp_servers (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE mcp_server_tags (
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	CONSTRAINT mcp_server_tags_pk PRIMARY KEY (workspace, name, "key"), 
	CONSTRAINT mcp_server_tags_server_fkey FOREIGN KEY(workspace, name) REFERENCES mcp_servers (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE mcp_server_version_tags (
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	version VARCHAR(128) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	CONSTRAINT mcp_server_version_tags_pk PRIMARY KEY (workspace, name, version, "key"), 
	CONSTRAINT mcp_server_version_tags_version_fkey FOREIGN KEY(workspace, name, version) REFERENCES mcp_server_versions (workspace, name, version) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE mcp_server_versions (
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	version VARCHAR(128) NOT NULL, 
	version_major INTEGER NOT NULL, 
	version_minor INTEGER NOT NULL, 
	version_patch INTEGER NOT NULL, 
	version_prerelease_sort_key VARCHAR(512) NOT NULL, 
	server_json JSON NOT NULL, 
	status VARCHAR(20) DEFAULT 'draft' NOT NULL, 
	tools JSON, 
	source VARCHAR(512), 
	connect_options JSON, 
	created_by VARCHAR(256), 
	last_updated_by VARCHAR(256), 
	created_at BIGINT NOT NULL, 
	last_updated_at BIGINT NOT NULL, 
	CONSTRAINT mcp_server_versions_pk PRIMARY KEY (workspace, name, version), 
	CONSTRAINT mcp_server_versions_server_fkey FOREIGN KEY(workspace, name) REFERENCES mcp_servers (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE mcp_servers (
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	display_name VARCHAR(256), 
	description TEXT, 
	icons JSON, 
	created_by VARCHAR(256), 
	last_updated_by VARCHAR(256), 
	created_at BIGINT NOT NULL, 
	last_updated_at BIGINT NOT NULL, 
	CONSTRAINT mcp_servers_pk PRIMARY KEY (workspace, name)
);
CREATE TABLE "metrics" (
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT NOT NULL, 
	timestamp BIGINT NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	step BIGINT DEFAULT '0' NOT NULL, 
	is_nan BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT metric_pk PRIMARY KEY ("key", timestamp, step, run_uuid, value, is_nan), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid), 
	CHECK (is_nan IN (0, 1))
);
INSERT INTO "metrics" VALUES('val/loss: mean',1.0,1700000002000,'b04ca8e926164df6999b633cec476a9d',0,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.5,1700000002001,'b04ca8e926164df6999b633cec476a9d',1,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.33333333333333314829e-01,1700000002002,'b04ca8e926164df6999b633cec476a9d',2,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.25,1700000002003,'b04ca8e926164df6999b633cec476a9d',3,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.2,1700000002004,'b04ca8e926164df6999b633cec476a9d',4,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.66666666666666657414e-01,1700000002005,'b04ca8e926164df6999b633cec476a9d',5,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.42857142857142849212e-01,1700000002006,'b04ca8e926164df6999b633cec476a9d',6,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.125,1700000002007,'b04ca8e926164df6999b633cec476a9d',7,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.11111111111111104943e-01,1700000002008,'b04ca8e926164df6999b633cec476a9d',8,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.1,1700000002009,'b04ca8e926164df6999b633cec476a9d',9,0);
INSERT INTO "metrics" VALUES('val/loss: mean',9.09090909090909116141e-02,1700000002010,'b04ca8e926164df6999b633cec476a9d',10,0);
INSERT INTO "metrics" VALUES('val/loss: mean',8.33333333333333287074e-02,1700000002011,'b04ca8e926164df6999b633cec476a9d',11,0);
INSERT INTO "metrics" VALUES('val/loss: mean',7.6923076923076927347e-02,1700000002012,'b04ca8e926164df6999b633cec476a9d',12,0);
INSERT INTO "metrics" VALUES('val/loss: mean',7.14285714285714246063e-02,1700000002013,'b04ca8e926164df6999b633cec476a9d',13,0);
INSERT INTO "metrics" VALUES('val/loss: mean',6.66666666666666657414e-02,1700000002014,'b04ca8e926164df6999b633cec476a9d',14,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.0625,1700000002015,'b04ca8e926164df6999b633cec476a9d',15,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.8823529411764705066e-02,1700000002016,'b04ca8e926164df6999b633cec476a9d',16,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.55555555555555524716e-02,1700000002017,'b04ca8e926164df6999b633cec476a9d',17,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.26315789473684181309e-02,1700000002018,'b04ca8e926164df6999b633cec476a9d',18,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.05,1700000002019,'b04ca8e926164df6999b633cec476a9d',19,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.76190476190476164042e-02,1700000002020,'b04ca8e926164df6999b633cec476a9d',20,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.5454545454545455807e-02,1700000002021,'b04ca8e926164df6999b633cec476a9d',21,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.34782608695652161845e-02,1700000002022,'b04ca8e926164df6999b633cec476a9d',22,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.16666666666666643537e-02,1700000002023,'b04ca8e926164df6999b633cec476a9d',23,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.04,1700000002024,'b04ca8e926164df6999b633cec476a9d',24,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.84615384615384636735e-02,1700000002025,'b04ca8e926164df6999b633cec476a9d',25,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.7037037037037034981e-02,1700000002026,'b04ca8e926164df6999b633cec476a9d',26,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.57142857142857123031e-02,1700000002027,'b04ca8e926164df6999b633cec476a9d',27,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.44827586206896546938e-02,1700000002028,'b04ca8e926164df6999b633cec476a9d',28,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.33333333333333328707e-02,1700000002029,'b04ca8e926164df6999b633cec476a9d',29,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.22580645161290313627e-02,1700000002030,'b04ca8e926164df6999b633cec476a9d',30,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.03125,1700000002031,'b04ca8e926164df6999b633cec476a9d',31,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.03030303030303038713e-02,1700000002032,'b04ca8e926164df6999b633cec476a9d',32,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.9411764705882352533e-02,1700000002033,'b04ca8e926164df6999b633cec476a9d',33,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.85714285714285705364e-02,1700000002034,'b04ca8e926164df6999b633cec476a9d',34,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.77777777777777762358e-02,1700000002035,'b04ca8e926164df6999b633cec476a9d',35,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.70270270270270285273e-02,1700000002036,'b04ca8e926164df6999b633cec476a9d',36,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.63157894736842090654e-02,1700000002037,'b04ca8e926164df6999b633cec476a9d',37,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.5641025641025640136e-02,1700000002038,'b04ca8e926164df6999b633cec476a9d',38,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.025,1700000002039,'b04ca8e926164df6999b633cec476a9d',39,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.43902439024390252364e-02,1700000002040,'b04ca8e926164df6999b633cec476a9d',40,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.38095238095238082021e-02,1700000002041,'b04ca8e926164df6999b633cec476a9d',41,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.32558139534883717702e-02,1700000002042,'b04ca8e926164df6999b633cec476a9d',42,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.27272727272727279035e-02,1700000002043,'b04ca8e926164df6999b633cec476a9d',43,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.22222222222222230703e-02,1700000002044,'b04ca8e926164df6999b633cec476a9d',44,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.17391304347826080922e-02,1700000002045,'b04ca8e926164df6999b633cec476a9d',45,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.12765957446808505471e-02,1700000002046,'b04ca8e926164df6999b633cec476a9d',46,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.08333333333333321768e-02,1700000002047,'b04ca8e926164df6999b633cec476a9d',47,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.04081632653061208204e-02,1700000002048,'b04ca8e926164df6999b633cec476a9d',48,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.02,1700000002049,'b04ca8e926164df6999b633cec476a9d',49,0);
INSERT INTO "metrics" VALUES('odd',1.0,1700000003000,'b04ca8e926164df6999b633cec476a9d',0,0);
INSERT INTO "metrics" VALUES('odd',0.0,1700000003000,'b04ca8e926164df6999b633cec476a9d',1,1);
INSERT INTO "metrics" VALUES('odd',1.79769313486231562234e+308,1700000003000,'b04ca8e926164df6999b633cec476a9d',2,0);
INSERT INTO "metrics" VALUES('odd',-1.79769313486231562234e+308,1700000003000,'b04ca8e926164df6999b633cec476a9d',3,0);
INSERT INTO "metrics" VALUES('odd',2.0,1700000003000,'b04ca8e926164df6999b633cec476a9d',0,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.0,1700000002000,'2f54df597ff74ccaa21821a5373b5128',0,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.5,1700000002001,'2f54df597ff74ccaa21821a5373b5128',1,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.33333333333333314829e-01,1700000002002,'2f54df597ff74ccaa21821a5373b5128',2,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.25,1700000002003,'2f54df597ff74ccaa21821a5373b5128',3,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.2,1700000002004,'2f54df597ff74ccaa21821a5373b5128',4,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.66666666666666657414e-01,1700000002005,'2f54df597ff74ccaa21821a5373b5128',5,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.42857142857142849212e-01,1700000002006,'2f54df597ff74ccaa21821a5373b5128',6,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.125,1700000002007,'2f54df597ff74ccaa21821a5373b5128',7,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.11111111111111104943e-01,1700000002008,'2f54df597ff74ccaa21821a5373b5128',8,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.1,1700000002009,'2f54df597ff74ccaa21821a5373b5128',9,0);
INSERT INTO "metrics" VALUES('val/loss: mean',9.09090909090909116141e-02,1700000002010,'2f54df597ff74ccaa21821a5373b5128',10,0);
INSERT INTO "metrics" VALUES('val/loss: mean',8.33333333333333287074e-02,1700000002011,'2f54df597ff74ccaa21821a5373b5128',11,0);
INSERT INTO "metrics" VALUES('val/loss: mean',7.6923076923076927347e-02,1700000002012,'2f54df597ff74ccaa21821a5373b5128',12,0);
INSERT INTO "metrics" VALUES('val/loss: mean',7.14285714285714246063e-02,1700000002013,'2f54df597ff74ccaa21821a5373b5128',13,0);
INSERT INTO "metrics" VALUES('val/loss: mean',6.66666666666666657414e-02,1700000002014,'2f54df597ff74ccaa21821a5373b5128',14,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.0625,1700000002015,'2f54df597ff74ccaa21821a5373b5128',15,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.8823529411764705066e-02,1700000002016,'2f54df597ff74ccaa21821a5373b5128',16,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.55555555555555524716e-02,1700000002017,'2f54df597ff74ccaa21821a5373b5128',17,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.26315789473684181309e-02,1700000002018,'2f54df597ff74ccaa21821a5373b5128',18,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.05,1700000002019,'2f54df597ff74ccaa21821a5373b5128',19,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.76190476190476164042e-02,1700000002020,'2f54df597ff74ccaa21821a5373b5128',20,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.5454545454545455807e-02,1700000002021,'2f54df597ff74ccaa21821a5373b5128',21,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.34782608695652161845e-02,1700000002022,'2f54df597ff74ccaa21821a5373b5128',22,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.16666666666666643537e-02,1700000002023,'2f54df597ff74ccaa21821a5373b5128',23,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.04,1700000002024,'2f54df597ff74ccaa21821a5373b5128',24,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.84615384615384636735e-02,1700000002025,'2f54df597ff74ccaa21821a5373b5128',25,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.7037037037037034981e-02,1700000002026,'2f54df597ff74ccaa21821a5373b5128',26,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.57142857142857123031e-02,1700000002027,'2f54df597ff74ccaa21821a5373b5128',27,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.44827586206896546938e-02,1700000002028,'2f54df597ff74ccaa21821a5373b5128',28,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.33333333333333328707e-02,1700000002029,'2f54df597ff74ccaa21821a5373b5128',29,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.22580645161290313627e-02,1700000002030,'2f54df597ff74ccaa21821a5373b5128',30,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.03125,1700000002031,'2f54df597ff74ccaa21821a5373b5128',31,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.03030303030303038713e-02,1700000002032,'2f54df597ff74ccaa21821a5373b5128',32,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.9411764705882352533e-02,1700000002033,'2f54df597ff74ccaa21821a5373b5128',33,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.85714285714285705364e-02,1700000002034,'2f54df597ff74ccaa21821a5373b5128',34,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.77777777777777762358e-02,1700000002035,'2f54df597ff74ccaa21821a5373b5128',35,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.70270270270270285273e-02,1700000002036,'2f54df597ff74ccaa21821a5373b5128',36,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.63157894736842090654e-02,1700000002037,'2f54df597ff74ccaa21821a5373b5128',37,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.5641025641025640136e-02,1700000002038,'2f54df597ff74ccaa21821a5373b5128',38,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.025,1700000002039,'2f54df597ff74ccaa21821a5373b5128',39,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.43902439024390252364e-02,1700000002040,'2f54df597ff74ccaa21821a5373b5128',40,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.38095238095238082021e-02,1700000002041,'2f54df597ff74ccaa21821a5373b5128',41,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.32558139534883717702e-02,1700000002042,'2f54df597ff74ccaa21821a5373b5128',42,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.27272727272727279035e-02,1700000002043,'2f54df597ff74ccaa21821a5373b5128',43,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.22222222222222230703e-02,1700000002044,'2f54df597ff74ccaa21821a5373b5128',44,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.17391304347826080922e-02,1700000002045,'2f54df597ff74ccaa21821a5373b5128',45,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.12765957446808505471e-02,1700000002046,'2f54df597ff74ccaa21821a5373b5128',46,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.08333333333333321768e-02,1700000002047,'2f54df597ff74ccaa21821a5373b5128',47,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.04081632653061208204e-02,1700000002048,'2f54df597ff74ccaa21821a5373b5128',48,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.02,1700000002049,'2f54df597ff74ccaa21821a5373b5128',49,0);
INSERT INTO "metrics" VALUES('odd',1.0,1700000003000,'2f54df597ff74ccaa21821a5373b5128',0,0);
INSERT INTO "metrics" VALUES('odd',0.0,1700000003000,'2f54df597ff74ccaa21821a5373b5128',1,1);
INSERT INTO "metrics" VALUES('odd',1.79769313486231562234e+308,1700000003000,'2f54df597ff74ccaa21821a5373b5128',2,0);
INSERT INTO "metrics" VALUES('odd',-1.79769313486231562234e+308,1700000003000,'2f54df597ff74ccaa21821a5373b5128',3,0);
INSERT INTO "metrics" VALUES('odd',2.0,1700000003000,'2f54df597ff74ccaa21821a5373b5128',0,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.0,1700000002000,'b74b24fcca274992816eedb8360b56f2',0,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.5,1700000002001,'b74b24fcca274992816eedb8360b56f2',1,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.33333333333333314829e-01,1700000002002,'b74b24fcca274992816eedb8360b56f2',2,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.25,1700000002003,'b74b24fcca274992816eedb8360b56f2',3,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.2,1700000002004,'b74b24fcca274992816eedb8360b56f2',4,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.66666666666666657414e-01,1700000002005,'b74b24fcca274992816eedb8360b56f2',5,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.42857142857142849212e-01,1700000002006,'b74b24fcca274992816eedb8360b56f2',6,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.125,1700000002007,'b74b24fcca274992816eedb8360b56f2',7,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.11111111111111104943e-01,1700000002008,'b74b24fcca274992816eedb8360b56f2',8,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.1,1700000002009,'b74b24fcca274992816eedb8360b56f2',9,0);
INSERT INTO "metrics" VALUES('val/loss: mean',9.09090909090909116141e-02,1700000002010,'b74b24fcca274992816eedb8360b56f2',10,0);
INSERT INTO "metrics" VALUES('val/loss: mean',8.33333333333333287074e-02,1700000002011,'b74b24fcca274992816eedb8360b56f2',11,0);
INSERT INTO "metrics" VALUES('val/loss: mean',7.6923076923076927347e-02,1700000002012,'b74b24fcca274992816eedb8360b56f2',12,0);
INSERT INTO "metrics" VALUES('val/loss: mean',7.14285714285714246063e-02,1700000002013,'b74b24fcca274992816eedb8360b56f2',13,0);
INSERT INTO "metrics" VALUES('val/loss: mean',6.66666666666666657414e-02,1700000002014,'b74b24fcca274992816eedb8360b56f2',14,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.0625,1700000002015,'b74b24fcca274992816eedb8360b56f2',15,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.8823529411764705066e-02,1700000002016,'b74b24fcca274992816eedb8360b56f2',16,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.55555555555555524716e-02,1700000002017,'b74b24fcca274992816eedb8360b56f2',17,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.26315789473684181309e-02,1700000002018,'b74b24fcca274992816eedb8360b56f2',18,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.05,1700000002019,'b74b24fcca274992816eedb8360b56f2',19,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.76190476190476164042e-02,1700000002020,'b74b24fcca274992816eedb8360b56f2',20,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.5454545454545455807e-02,1700000002021,'b74b24fcca274992816eedb8360b56f2',21,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.34782608695652161845e-02,1700000002022,'b74b24fcca274992816eedb8360b56f2',22,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.16666666666666643537e-02,1700000002023,'b74b24fcca274992816eedb8360b56f2',23,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.04,1700000002024,'b74b24fcca274992816eedb8360b56f2',24,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.84615384615384636735e-02,1700000002025,'b74b24fcca274992816eedb8360b56f2',25,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.7037037037037034981e-02,1700000002026,'b74b24fcca274992816eedb8360b56f2',26,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.57142857142857123031e-02,1700000002027,'b74b24fcca274992816eedb8360b56f2',27,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.44827586206896546938e-02,1700000002028,'b74b24fcca274992816eedb8360b56f2',28,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.33333333333333328707e-02,1700000002029,'b74b24fcca274992816eedb8360b56f2',29,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.22580645161290313627e-02,1700000002030,'b74b24fcca274992816eedb8360b56f2',30,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.03125,1700000002031,'b74b24fcca274992816eedb8360b56f2',31,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.03030303030303038713e-02,1700000002032,'b74b24fcca274992816eedb8360b56f2',32,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.9411764705882352533e-02,1700000002033,'b74b24fcca274992816eedb8360b56f2',33,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.85714285714285705364e-02,1700000002034,'b74b24fcca274992816eedb8360b56f2',34,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.77777777777777762358e-02,1700000002035,'b74b24fcca274992816eedb8360b56f2',35,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.70270270270270285273e-02,1700000002036,'b74b24fcca274992816eedb8360b56f2',36,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.63157894736842090654e-02,1700000002037,'b74b24fcca274992816eedb8360b56f2',37,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.5641025641025640136e-02,1700000002038,'b74b24fcca274992816eedb8360b56f2',38,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.025,1700000002039,'b74b24fcca274992816eedb8360b56f2',39,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.43902439024390252364e-02,1700000002040,'b74b24fcca274992816eedb8360b56f2',40,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.38095238095238082021e-02,1700000002041,'b74b24fcca274992816eedb8360b56f2',41,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.32558139534883717702e-02,1700000002042,'b74b24fcca274992816eedb8360b56f2',42,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.27272727272727279035e-02,1700000002043,'b74b24fcca274992816eedb8360b56f2',43,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.22222222222222230703e-02,1700000002044,'b74b24fcca274992816eedb8360b56f2',44,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.17391304347826080922e-02,1700000002045,'b74b24fcca274992816eedb8360b56f2',45,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.12765957446808505471e-02,1700000002046,'b74b24fcca274992816eedb8360b56f2',46,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.08333333333333321768e-02,1700000002047,'b74b24fcca274992816eedb8360b56f2',47,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.04081632653061208204e-02,1700000002048,'b74b24fcca274992816eedb8360b56f2',48,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.02,1700000002049,'b74b24fcca274992816eedb8360b56f2',49,0);
INSERT INTO "metrics" VALUES('odd',1.0,1700000003000,'b74b24fcca274992816eedb8360b56f2',0,0);
INSERT INTO "metrics" VALUES('odd',0.0,1700000003000,'b74b24fcca274992816eedb8360b56f2',1,1);
INSERT INTO "metrics" VALUES('odd',1.79769313486231562234e+308,1700000003000,'b74b24fcca274992816eedb8360b56f2',2,0);
INSERT INTO "metrics" VALUES('odd',-1.79769313486231562234e+308,1700000003000,'b74b24fcca274992816eedb8360b56f2',3,0);
INSERT INTO "metrics" VALUES('odd',2.0,1700000003000,'b74b24fcca274992816eedb8360b56f2',0,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.0,1700000002000,'d5500f55c1724df2ad43ab517da1599d',0,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.5,1700000002001,'d5500f55c1724df2ad43ab517da1599d',1,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.33333333333333314829e-01,1700000002002,'d5500f55c1724df2ad43ab517da1599d',2,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.25,1700000002003,'d5500f55c1724df2ad43ab517da1599d',3,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.2,1700000002004,'d5500f55c1724df2ad43ab517da1599d',4,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.66666666666666657414e-01,1700000002005,'d5500f55c1724df2ad43ab517da1599d',5,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.42857142857142849212e-01,1700000002006,'d5500f55c1724df2ad43ab517da1599d',6,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.125,1700000002007,'d5500f55c1724df2ad43ab517da1599d',7,0);
INSERT INTO "metrics" VALUES('val/loss: mean',1.11111111111111104943e-01,1700000002008,'d5500f55c1724df2ad43ab517da1599d',8,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.1,1700000002009,'d5500f55c1724df2ad43ab517da1599d',9,0);
INSERT INTO "metrics" VALUES('val/loss: mean',9.09090909090909116141e-02,1700000002010,'d5500f55c1724df2ad43ab517da1599d',10,0);
INSERT INTO "metrics" VALUES('val/loss: mean',8.33333333333333287074e-02,1700000002011,'d5500f55c1724df2ad43ab517da1599d',11,0);
INSERT INTO "metrics" VALUES('val/loss: mean',7.6923076923076927347e-02,1700000002012,'d5500f55c1724df2ad43ab517da1599d',12,0);
INSERT INTO "metrics" VALUES('val/loss: mean',7.14285714285714246063e-02,1700000002013,'d5500f55c1724df2ad43ab517da1599d',13,0);
INSERT INTO "metrics" VALUES('val/loss: mean',6.66666666666666657414e-02,1700000002014,'d5500f55c1724df2ad43ab517da1599d',14,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.0625,1700000002015,'d5500f55c1724df2ad43ab517da1599d',15,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.8823529411764705066e-02,1700000002016,'d5500f55c1724df2ad43ab517da1599d',16,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.55555555555555524716e-02,1700000002017,'d5500f55c1724df2ad43ab517da1599d',17,0);
INSERT INTO "metrics" VALUES('val/loss: mean',5.26315789473684181309e-02,1700000002018,'d5500f55c1724df2ad43ab517da1599d',18,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.05,1700000002019,'d5500f55c1724df2ad43ab517da1599d',19,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.76190476190476164042e-02,1700000002020,'d5500f55c1724df2ad43ab517da1599d',20,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.5454545454545455807e-02,1700000002021,'d5500f55c1724df2ad43ab517da1599d',21,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.34782608695652161845e-02,1700000002022,'d5500f55c1724df2ad43ab517da1599d',22,0);
INSERT INTO "metrics" VALUES('val/loss: mean',4.16666666666666643537e-02,1700000002023,'d5500f55c1724df2ad43ab517da1599d',23,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.04,1700000002024,'d5500f55c1724df2ad43ab517da1599d',24,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.84615384615384636735e-02,1700000002025,'d5500f55c1724df2ad43ab517da1599d',25,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.7037037037037034981e-02,1700000002026,'d5500f55c1724df2ad43ab517da1599d',26,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.57142857142857123031e-02,1700000002027,'d5500f55c1724df2ad43ab517da1599d',27,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.44827586206896546938e-02,1700000002028,'d5500f55c1724df2ad43ab517da1599d',28,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.33333333333333328707e-02,1700000002029,'d5500f55c1724df2ad43ab517da1599d',29,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.22580645161290313627e-02,1700000002030,'d5500f55c1724df2ad43ab517da1599d',30,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.03125,1700000002031,'d5500f55c1724df2ad43ab517da1599d',31,0);
INSERT INTO "metrics" VALUES('val/loss: mean',3.03030303030303038713e-02,1700000002032,'d5500f55c1724df2ad43ab517da1599d',32,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.9411764705882352533e-02,1700000002033,'d5500f55c1724df2ad43ab517da1599d',33,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.85714285714285705364e-02,1700000002034,'d5500f55c1724df2ad43ab517da1599d',34,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.77777777777777762358e-02,1700000002035,'d5500f55c1724df2ad43ab517da1599d',35,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.70270270270270285273e-02,1700000002036,'d5500f55c1724df2ad43ab517da1599d',36,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.63157894736842090654e-02,1700000002037,'d5500f55c1724df2ad43ab517da1599d',37,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.5641025641025640136e-02,1700000002038,'d5500f55c1724df2ad43ab517da1599d',38,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.025,1700000002039,'d5500f55c1724df2ad43ab517da1599d',39,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.43902439024390252364e-02,1700000002040,'d5500f55c1724df2ad43ab517da1599d',40,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.38095238095238082021e-02,1700000002041,'d5500f55c1724df2ad43ab517da1599d',41,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.32558139534883717702e-02,1700000002042,'d5500f55c1724df2ad43ab517da1599d',42,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.27272727272727279035e-02,1700000002043,'d5500f55c1724df2ad43ab517da1599d',43,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.22222222222222230703e-02,1700000002044,'d5500f55c1724df2ad43ab517da1599d',44,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.17391304347826080922e-02,1700000002045,'d5500f55c1724df2ad43ab517da1599d',45,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.12765957446808505471e-02,1700000002046,'d5500f55c1724df2ad43ab517da1599d',46,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.08333333333333321768e-02,1700000002047,'d5500f55c1724df2ad43ab517da1599d',47,0);
INSERT INTO "metrics" VALUES('val/loss: mean',2.04081632653061208204e-02,1700000002048,'d5500f55c1724df2ad43ab517da1599d',48,0);
INSERT INTO "metrics" VALUES('val/loss: mean',0.02,1700000002049,'d5500f55c1724df2ad43ab517da1599d',49,0);
INSERT INTO "metrics" VALUES('odd',1.0,1700000003000,'d5500f55c1724df2ad43ab517da1599d',0,0);
INSERT INTO "metrics" VALUES('odd',0.0,1700000003000,'d5500f55c1724df2ad43ab517da1599d',1,1);
INSERT INTO "metrics" VALUES('odd',1.79769313486231562234e+308,1700000003000,'d5500f55c1724df2ad43ab517da1599d',2,0);
INSERT INTO "metrics" VALUES('odd',-1.79769313486231562234e+308,1700000003000,'d5500f55c1724df2ad43ab517da1599d',3,0);
INSERT INTO "metrics" VALUES('odd',2.0,1700000003000,'d5500f55c1724df2ad43ab517da1599d',0,0);
INSERT INTO "metrics" VALUES('loss',9.0,1700000200000,'750c6a9be8b848d0857cc8659680bdcd',0,0);
CREATE TABLE "model_definitions" (
	model_definition_id VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	secret_id VARCHAR(36), 
	provider VARCHAR(64) NOT NULL, 
	model_name VARCHAR(256) NOT NULL, 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT model_definitions_pk PRIMARY KEY (model_definition_id), 
	CONSTRAINT fk_model_definitions_secret_id FOREIGN KEY(secret_id) REFERENCES secrets (secret_id) ON DELETE SET NULL, 
	CONSTRAINT uq_model_definitions_workspace_name UNIQUE (workspace, name)
);
CREATE TABLE "model_version_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value TEXT, 
	name VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT model_version_tag_pk PRIMARY KEY (workspace, "key", name, version), 
	CONSTRAINT fk_model_version_tags_model_versions FOREIGN KEY(workspace, name, version) REFERENCES model_versions (workspace, name, version) ON UPDATE CASCADE
);
CREATE TABLE "model_versions" (
	name VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	creation_time BIGINT, 
	last_updated_time BIGINT, 
	description VARCHAR(5000), 
	user_id VARCHAR(256), 
	current_stage VARCHAR(20), 
	source VARCHAR(500), 
	run_id VARCHAR(32), 
	status VARCHAR(20), 
	status_message VARCHAR(500), 
	run_link VARCHAR(500), 
	storage_location VARCHAR(500), 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT model_version_pk PRIMARY KEY (workspace, name, version), 
	CONSTRAINT fk_model_versions_registered_models FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON UPDATE CASCADE
);
INSERT INTO "model_versions" VALUES('delay-model',1,1795267273439,1795267273439,NULL,NULL,'None','file://{FOLDER}/artifacts/d5500f55c1724df2ad43ab517da1599d/artifacts/model','d5500f55c1724df2ad43ab517da1599d','READY',NULL,NULL,'file://{FOLDER}/artifacts/d5500f55c1724df2ad43ab517da1599d/artifacts/model','default');
CREATE TABLE online_scoring_configs (
	online_scoring_config_id VARCHAR(36) NOT NULL, 
	scorer_id VARCHAR(36) NOT NULL, 
	sample_rate FLOAT NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	filter_string TEXT, 
	CONSTRAINT online_scoring_config_pk PRIMARY KEY (online_scoring_config_id), 
	CONSTRAINT fk_online_scoring_configs_scorer_id FOREIGN KEY(scorer_id) REFERENCES scorers (scorer_id) ON DELETE CASCADE, 
	CONSTRAINT fk_online_scoring_configs_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id)
);
CREATE TABLE "params" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000) NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT param_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
INSERT INTO "params" VALUES('lr','1e-3','b04ca8e926164df6999b633cec476a9d');
INSERT INTO "params" VALUES('seed','0','b04ca8e926164df6999b633cec476a9d');
INSERT INTO "params" VALUES('depth','6','b04ca8e926164df6999b633cec476a9d');
INSERT INTO "params" VALUES('notes','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','b04ca8e926164df6999b633cec476a9d');
INSERT INTO "params" VALUES('a.b/c d','1.10','b04ca8e926164df6999b633cec476a9d');
INSERT INTO "params" VALUES('lr','1e-3','2f54df597ff74ccaa21821a5373b5128');
INSERT INTO "params" VALUES('seed','1','2f54df597ff74ccaa21821a5373b5128');
INSERT INTO "params" VALUES('depth','6','2f54df597ff74ccaa21821a5373b5128');
INSERT INTO "params" VALUES('notes','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','2f54df597ff74ccaa21821a5373b5128');
INSERT INTO "params" VALUES('a.b/c d','1.10','2f54df597ff74ccaa21821a5373b5128');
INSERT INTO "params" VALUES('lr','1e-3','b74b24fcca274992816eedb8360b56f2');
INSERT INTO "params" VALUES('seed','2','b74b24fcca274992816eedb8360b56f2');
INSERT INTO "params" VALUES('depth','6','b74b24fcca274992816eedb8360b56f2');
INSERT INTO "params" VALUES('notes','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','b74b24fcca274992816eedb8360b56f2');
INSERT INTO "params" VALUES('a.b/c d','1.10','b74b24fcca274992816eedb8360b56f2');
INSERT INTO "params" VALUES('lr','1e-3','d5500f55c1724df2ad43ab517da1599d');
INSERT INTO "params" VALUES('seed','3','d5500f55c1724df2ad43ab517da1599d');
INSERT INTO "params" VALUES('depth','6','d5500f55c1724df2ad43ab517da1599d');
INSERT INTO "params" VALUES('notes','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','d5500f55c1724df2ad43ab517da1599d');
INSERT INTO "params" VALUES('a.b/c d','1.10','d5500f55c1724df2ad43ab517da1599d');
CREATE TABLE "registered_model_aliases" (
	alias VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT registered_model_alias_pk PRIMARY KEY (workspace, name, alias), 
	CONSTRAINT fk_registered_model_aliases_registered_models FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON DELETE CASCADE ON UPDATE CASCADE
);
INSERT INTO "registered_model_aliases" VALUES('champion',1,'delay-model','default');
CREATE TABLE "registered_model_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	name VARCHAR(256) NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT registered_model_tag_pk PRIMARY KEY (workspace, "key", name), 
	CONSTRAINT fk_registered_model_tags_registered_models FOREIGN KEY(workspace, name) REFERENCES registered_models (workspace, name) ON UPDATE CASCADE
);
INSERT INTO "registered_model_tags" VALUES('domain','flights','delay-model','default');
CREATE TABLE "registered_models" (
	name VARCHAR(256) NOT NULL, 
	creation_time BIGINT, 
	last_updated_time BIGINT, 
	description VARCHAR(5000), 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT registered_model_pk PRIMARY KEY (workspace, name)
);
INSERT INTO "registered_models" VALUES('delay-model',1795267273283,1795267273439,'which flights are late','default');
CREATE TABLE review_queue_items (
	queue_id VARCHAR(36) NOT NULL, 
	item_type VARCHAR(16) NOT NULL, 
	item_id VARCHAR(50) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	completed_by VARCHAR(250), 
	completed_time_ms BIGINT, 
	creation_time_ms BIGINT NOT NULL, 
	last_update_time_ms BIGINT NOT NULL, 
	CONSTRAINT review_queue_items_pk PRIMARY KEY (queue_id, item_id), 
	CONSTRAINT fk_review_queue_items_queue_id FOREIGN KEY(queue_id) REFERENCES review_queues (queue_id) ON DELETE CASCADE
);
CREATE TABLE review_queue_label_schemas (
	queue_id VARCHAR(36) NOT NULL, 
	schema_id VARCHAR(36) NOT NULL, 
	CONSTRAINT review_queue_label_schemas_pk PRIMARY KEY (queue_id, schema_id), 
	CONSTRAINT fk_review_queue_label_schemas_queue_id FOREIGN KEY(queue_id) REFERENCES review_queues (queue_id) ON DELETE CASCADE
);
CREATE TABLE review_queue_users (
	queue_id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(250) NOT NULL, 
	CONSTRAINT review_queue_users_pk PRIMARY KEY (queue_id, user_id), 
	CONSTRAINT fk_review_queue_users_queue_id FOREIGN KEY(queue_id) REFERENCES review_queues (queue_id) ON DELETE CASCADE
);
CREATE TABLE review_queues (
	queue_id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(250) NOT NULL, 
	queue_type VARCHAR(16) NOT NULL, 
	created_by VARCHAR(255), 
	creation_time_ms BIGINT NOT NULL, 
	last_update_time_ms BIGINT NOT NULL, 
	name_key VARCHAR(250) NOT NULL, 
	CONSTRAINT review_queues_pk PRIMARY KEY (queue_id), 
	CONSTRAINT fk_review_queues_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE, 
	CONSTRAINT uq_review_queues_experiment_name_key UNIQUE (experiment_id, name_key)
);
CREATE TABLE "runs" (
	run_uuid VARCHAR(32) NOT NULL, 
	name VARCHAR(250), 
	source_type VARCHAR(20), 
	source_name VARCHAR(500), 
	entry_point_name VARCHAR(50), 
	user_id VARCHAR(256), 
	status VARCHAR(9), 
	start_time BIGINT, 
	end_time BIGINT, 
	source_version VARCHAR(50), 
	lifecycle_stage VARCHAR(20), 
	artifact_uri VARCHAR(200), 
	experiment_id INTEGER, deleted_time BIGINT, 
	CONSTRAINT run_pk PRIMARY KEY (run_uuid), 
	CONSTRAINT source_type CHECK (source_type IN ('NOTEBOOK', 'JOB', 'LOCAL', 'UNKNOWN', 'PROJECT')), 
	CONSTRAINT runs_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), 
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CHECK (status IN ('SCHEDULED', 'FAILED', 'FINISHED', 'RUNNING', 'KILLED'))
);
INSERT INTO "runs" VALUES('d8a149b0acc34403882fe45b9cae2e92','sweep','UNKNOWN','','','unknown','FINISHED',1700000000000,1700000100000,'','active','file://{FOLDER}/artifacts/d8a149b0acc34403882fe45b9cae2e92/artifacts',1,NULL);
INSERT INTO "runs" VALUES('b04ca8e926164df6999b633cec476a9d','trial 0','UNKNOWN','','','unknown','FINISHED',1700000001000,1700000060000,'','active','file://{FOLDER}/artifacts/b04ca8e926164df6999b633cec476a9d/artifacts',1,NULL);
INSERT INTO "runs" VALUES('2f54df597ff74ccaa21821a5373b5128','trial 1','UNKNOWN','','','unknown','FAILED',1700000001001,1700000060000,'','active','file://{FOLDER}/artifacts/2f54df597ff74ccaa21821a5373b5128/artifacts',1,NULL);
INSERT INTO "runs" VALUES('b74b24fcca274992816eedb8360b56f2','trial 2','UNKNOWN','','','unknown','KILLED',1700000001002,1700000060000,'','active','file://{FOLDER}/artifacts/b74b24fcca274992816eedb8360b56f2/artifacts',1,NULL);
INSERT INTO "runs" VALUES('d5500f55c1724df2ad43ab517da1599d','trial 3','UNKNOWN','','','unknown','RUNNING',1700000001003,1795267272705,'','active','file://{FOLDER}/artifacts/d5500f55c1724df2ad43ab517da1599d/artifacts',1,NULL);
INSERT INTO "runs" VALUES('750c6a9be8b848d0857cc8659680bdcd','gone','UNKNOWN','','','unknown','RUNNING',1700000200000,NULL,'','deleted','file://{FOLDER}/artifacts/750c6a9be8b848d0857cc8659680bdcd/artifacts',1,1795267273013);
CREATE TABLE scheduler_leases (
	lease_key VARCHAR(255) NOT NULL, 
	acquired_at BIGINT NOT NULL, 
	ttl_seconds INTEGER NOT NULL, 
	CONSTRAINT scheduler_leases_pk PRIMARY KEY (lease_key)
);
CREATE TABLE scorer_versions (
	scorer_id VARCHAR(36) NOT NULL, 
	scorer_version INTEGER NOT NULL, 
	serialized_scorer TEXT NOT NULL, 
	creation_time BIGINT, 
	CONSTRAINT scorer_version_pk PRIMARY KEY (scorer_id, scorer_version), 
	CONSTRAINT fk_scorer_versions_scorer_id FOREIGN KEY(scorer_id) REFERENCES scorers (scorer_id) ON DELETE CASCADE
);
CREATE TABLE scorers (
	experiment_id INTEGER NOT NULL, 
	scorer_name VARCHAR(256) NOT NULL, 
	scorer_id VARCHAR(36) NOT NULL, 
	CONSTRAINT scorer_pk PRIMARY KEY (scorer_id), 
	CONSTRAINT fk_scorers_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
CREATE TABLE "secrets" (
	secret_id VARCHAR(36) NOT NULL, 
	secret_name VARCHAR(255) NOT NULL, 
	encrypted_value BLOB NOT NULL, 
	wrapped_dek BLOB NOT NULL, 
	kek_version INTEGER NOT NULL, 
	masked_value VARCHAR(500) NOT NULL, 
	provider VARCHAR(64), 
	auth_config TEXT, 
	description TEXT, 
	created_by VARCHAR(255), 
	created_at BIGINT NOT NULL, 
	last_updated_by VARCHAR(255), 
	last_updated_at BIGINT NOT NULL, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT secrets_pk PRIMARY KEY (secret_id), 
	CONSTRAINT uq_secrets_workspace_secret_name UNIQUE (workspace, secret_name)
);
CREATE TABLE span_metrics (
	trace_id VARCHAR(50) NOT NULL, 
	span_id VARCHAR(50) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT, 
	CONSTRAINT span_metrics_pk PRIMARY KEY (trace_id, span_id, "key"), 
	CONSTRAINT fk_span_metrics_span FOREIGN KEY(trace_id, span_id) REFERENCES spans (trace_id, span_id) ON DELETE CASCADE
);
CREATE TABLE "spans" (
	trace_id VARCHAR(50) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	span_id VARCHAR(50) NOT NULL, 
	parent_span_id VARCHAR(50), 
	name TEXT, 
	type VARCHAR(500), 
	status VARCHAR(50) NOT NULL, 
	start_time_unix_nano BIGINT NOT NULL, 
	end_time_unix_nano BIGINT, 
	duration_ns BIGINT GENERATED ALWAYS AS (end_time_unix_nano - start_time_unix_nano) STORED, 
	content TEXT NOT NULL, 
	input_cost FLOAT, 
	output_cost FLOAT, 
	total_cost FLOAT, 
	model_name VARCHAR(500), 
	model_provider VARCHAR(500), 
	CONSTRAINT spans_pk PRIMARY KEY (trace_id, span_id), 
	CONSTRAINT fk_spans_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CONSTRAINT fk_spans_trace_id FOREIGN KEY(trace_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE TABLE sql_assessment_daily_rollups (
	id INTEGER NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	rollup_day DATE NOT NULL, 
	metric_name VARCHAR(250) NOT NULL, 
	grouping_set VARCHAR(50) NOT NULL, 
	sample_count BIGINT NOT NULL, 
	sum_value FLOAT, 
	min_value FLOAT, 
	max_value FLOAT, 
	CONSTRAINT sql_assessment_daily_rollups_pk PRIMARY KEY (id)
);
CREATE TABLE sql_span_cost_daily_rollups (
	id INTEGER NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	rollup_day DATE NOT NULL, 
	metric_name VARCHAR(250) NOT NULL, 
	grouping_set VARCHAR(50) NOT NULL, 
	model_name VARCHAR(500), 
	model_provider VARCHAR(500), 
	sample_count BIGINT NOT NULL, 
	sum_value FLOAT, 
	min_value FLOAT, 
	max_value FLOAT, 
	CONSTRAINT sql_span_cost_daily_rollups_pk PRIMARY KEY (id)
);
CREATE TABLE sql_trace_metric_daily_rollups (
	id INTEGER NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	rollup_day DATE NOT NULL, 
	metric_name VARCHAR(250) NOT NULL, 
	grouping_set VARCHAR(50) NOT NULL, 
	trace_status VARCHAR(50), 
	sample_count BIGINT NOT NULL, 
	sum_value FLOAT, 
	min_value FLOAT, 
	max_value FLOAT, 
	p50_value FLOAT, 
	p90_value FLOAT, 
	p99_value FLOAT, 
	CONSTRAINT sql_trace_metric_daily_rollups_pk PRIMARY KEY (id)
);
CREATE TABLE sql_trace_rollup_rebuild_queue (
	experiment_id INTEGER NOT NULL, 
	rollup_day DATE NOT NULL, 
	rollup_family VARCHAR(50) NOT NULL, 
	CONSTRAINT sql_trace_rollup_rebuild_queue_pk PRIMARY KEY (experiment_id, rollup_day, rollup_family)
);
CREATE TABLE "tags" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000), 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT tag_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
INSERT INTO "tags" VALUES('mlflow.runName','sweep','d8a149b0acc34403882fe45b9cae2e92');
INSERT INTO "tags" VALUES('mlflow.parentRunId','d8a149b0acc34403882fe45b9cae2e92','b04ca8e926164df6999b633cec476a9d');
INSERT INTO "tags" VALUES('kind','a=b','b04ca8e926164df6999b633cec476a9d');
INSERT INTO "tags" VALUES('mlflow.runName','trial 0','b04ca8e926164df6999b633cec476a9d');
INSERT INTO "tags" VALUES('owner','Äda','b04ca8e926164df6999b633cec476a9d');
INSERT INTO "tags" VALUES('mlflow.parentRunId','d8a149b0acc34403882fe45b9cae2e92','2f54df597ff74ccaa21821a5373b5128');
INSERT INTO "tags" VALUES('kind','a=b','2f54df597ff74ccaa21821a5373b5128');
INSERT INTO "tags" VALUES('mlflow.runName','trial 1','2f54df597ff74ccaa21821a5373b5128');
INSERT INTO "tags" VALUES('owner','Äda','2f54df597ff74ccaa21821a5373b5128');
INSERT INTO "tags" VALUES('mlflow.parentRunId','d8a149b0acc34403882fe45b9cae2e92','b74b24fcca274992816eedb8360b56f2');
INSERT INTO "tags" VALUES('kind','a=b','b74b24fcca274992816eedb8360b56f2');
INSERT INTO "tags" VALUES('mlflow.runName','trial 2','b74b24fcca274992816eedb8360b56f2');
INSERT INTO "tags" VALUES('owner','Äda','b74b24fcca274992816eedb8360b56f2');
INSERT INTO "tags" VALUES('mlflow.parentRunId','d8a149b0acc34403882fe45b9cae2e92','d5500f55c1724df2ad43ab517da1599d');
INSERT INTO "tags" VALUES('kind','a=b','d5500f55c1724df2ad43ab517da1599d');
INSERT INTO "tags" VALUES('mlflow.runName','trial 3','d5500f55c1724df2ad43ab517da1599d');
INSERT INTO "tags" VALUES('owner','Äda','d5500f55c1724df2ad43ab517da1599d');
INSERT INTO "tags" VALUES('mlflow.runName','gone','750c6a9be8b848d0857cc8659680bdcd');
CREATE TABLE "trace_info" (
	request_id VARCHAR(50) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	timestamp_ms BIGINT NOT NULL, 
	execution_time_ms BIGINT, 
	status VARCHAR(50) NOT NULL, 
	client_request_id VARCHAR(50), 
	request_preview VARCHAR(1000), 
	response_preview VARCHAR(1000), 
	db_payload_generation INTEGER DEFAULT '0' NOT NULL, trace_name VARCHAR(4096), session_id VARCHAR(250), input_tokens BIGINT, output_tokens BIGINT, total_tokens BIGINT, cache_read_input_tokens BIGINT, cache_creation_input_tokens BIGINT, cache_creation_input_tokens_above_1hr BIGINT, input_cost FLOAT, output_cost FLOAT, total_cost FLOAT, 
	CONSTRAINT trace_info_pk PRIMARY KEY (request_id), 
	CONSTRAINT fk_trace_info_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
CREATE TABLE trace_metrics (
	request_id VARCHAR(50) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT, 
	CONSTRAINT trace_metrics_pk PRIMARY KEY (request_id, "key"), 
	CONSTRAINT fk_trace_metrics_request_id FOREIGN KEY(request_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE TABLE "trace_request_metadata" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000), 
	request_id VARCHAR(50) NOT NULL, 
	CONSTRAINT trace_request_metadata_pk PRIMARY KEY ("key", request_id), 
	CONSTRAINT fk_trace_request_metadata_request_id FOREIGN KEY(request_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE TABLE "trace_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000), 
	request_id VARCHAR(50) NOT NULL, 
	CONSTRAINT trace_tag_pk PRIMARY KEY ("key", request_id), 
	CONSTRAINT fk_trace_tags_request_id FOREIGN KEY(request_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE TABLE webhook_events (
	webhook_id VARCHAR(256) NOT NULL, 
	entity VARCHAR(50) NOT NULL, 
	action VARCHAR(50) NOT NULL, 
	CONSTRAINT webhook_event_pk PRIMARY KEY (webhook_id, entity, action), 
	FOREIGN KEY(webhook_id) REFERENCES webhooks (webhook_id) ON DELETE cascade
);
CREATE TABLE "webhooks" (
	webhook_id VARCHAR(256) NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	description VARCHAR(1000), 
	url VARCHAR(500) NOT NULL, 
	status VARCHAR(20) DEFAULT 'ACTIVE' NOT NULL, 
	secret VARCHAR(1000), 
	creation_timestamp BIGINT, 
	last_updated_timestamp BIGINT, 
	deleted_timestamp BIGINT, 
	workspace VARCHAR(63) DEFAULT 'default' NOT NULL, 
	CONSTRAINT webhook_pk PRIMARY KEY (webhook_id)
);
CREATE TABLE workspaces (
	name VARCHAR(63) NOT NULL, 
	description TEXT, 
	default_artifact_root TEXT, trace_archival_location TEXT, trace_archival_retention VARCHAR(32), 
	CONSTRAINT workspaces_pk PRIMARY KEY (name)
);
INSERT INTO "workspaces" VALUES('default','Default workspace for legacy resources',NULL,NULL,NULL);
CREATE INDEX index_metrics_run_uuid ON metrics (run_uuid);
CREATE INDEX index_latest_metrics_run_uuid ON latest_metrics (run_uuid);
CREATE INDEX index_logged_model_metrics_model_id ON logged_model_metrics (model_id);
CREATE INDEX index_trace_metrics_request_id ON trace_metrics (request_id);
CREATE INDEX index_span_metrics_trace_id_span_id ON span_metrics (trace_id, span_id);
CREATE TRIGGER prevent_secrets_aad_mutation
BEFORE UPDATE ON secrets
FOR EACH ROW
WHEN OLD.secret_id != NEW.secret_id OR OLD.secret_name != NEW.secret_name
BEGIN
    SELECT RAISE(ABORT, 'secret_id and secret_name are immutable (used as AAD in encryption)');
END;
CREATE INDEX index_metrics_run_uuid_key_step ON metrics (run_uuid, "key", step);
COMMIT;

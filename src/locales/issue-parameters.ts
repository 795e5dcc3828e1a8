/**
 * The parameters of each issue's message, by the issue's code. An issue without parameters has an empty object.
 */
export interface IssueParameters {
  // Issues of any value.
  readonly required: Record<string, never>;
  readonly empty: Record<string, never>;
  readonly not_text: Record<string, never>;
  readonly lost_zero: Record<string, never>;
  readonly not_boolean: Record<string, never>;
  readonly not_number: { readonly min: number; readonly max: number };
  readonly not_whole_number: { readonly min: number; readonly max: number };
  readonly not_function: Record<string, never>;
  readonly not_object: Record<string, never>;
  readonly not_list: Record<string, never>;
  readonly not_profiles: Record<string, never>;
  readonly not_map: Record<string, never>;
  readonly not_one_of: { readonly allowed: readonly (string | number | boolean)[] };
  readonly unknown_option: { readonly known: readonly string[] };
  readonly unreadable: Record<string, never>;
  readonly not_json: Record<string, never>;
  readonly invalid: Record<string, never>;
  readonly not_text_or_number: Record<string, never>;
  readonly dots_only: Record<string, never>;
  readonly not_unicode: Record<string, never>;
  readonly not_country_code: Record<string, never>;
  readonly pino_unwrapped: Record<string, never>;
  readonly not_logger: Record<string, never>;
  readonly not_signal: Record<string, never>;

  // Issues of users.
  readonly not_user: Record<string, never>;
  readonly not_address: Record<string, never>;
  readonly not_country: Record<string, never>;
  readonly not_profile: Record<string, never>;
  readonly not_email: Record<string, never>;
  readonly zip_code_lost_zero: Record<string, never>;
  readonly padded_identifier: Record<string, never>;
  readonly not_identifier: Record<string, never>;
  readonly not_parent: Record<string, never>;
  readonly digits_only: Record<string, never>;
  readonly similar_field: { readonly similar: string };
  readonly unknown_field: Record<string, never>;
  readonly not_custom: Record<string, never>;
  readonly null_field: Record<string, never>;
  readonly needs_account_number: Record<string, never>;

  // Issues of a user from a source or an event that are not about its fields.
  readonly not_version: Record<string, never>;
  readonly unknown_key: { readonly known: readonly string[]; readonly similar: string | undefined };
  readonly identifies_user: Record<string, never>;
  readonly account_number_twice: Record<string, never>;
  readonly moved_twice: Record<string, never>;
  readonly id_twice: Record<string, never>;

  // Issues of a source's record that are not about its user.
  readonly map_failed: { readonly error: string; readonly at: string | undefined };
  readonly map_reads_none: {
    readonly error: string;
    readonly at: string | undefined;
    /** The names of the columns of the first record. */
    readonly columns: readonly string[];
  };
  readonly record_error: { readonly message: string };
  readonly leaver_rules_failed: { readonly error: string; readonly at: string | undefined };
  readonly leaver_empty_rule: Record<string, never>;
  readonly other_key: Record<string, never>;
  readonly parent_cycle: { readonly cycle: readonly string[] };
  readonly unknown_profile: { readonly profile: string };
  readonly parent_not_above: { readonly profile: string; readonly parentProfile: string };
  readonly unknown_parent: { readonly parent: string };
  readonly no_segment: { readonly field: string };
  readonly white_space: Record<string, never>;
  readonly shared_value: { readonly field: string; readonly other: string };
  readonly unknown_zip_code: { readonly country: string };
  readonly zip_code_lacks_zero: { readonly country: string };

  // Issues of single records of a table.
  readonly surplus_cells: { readonly cells: number; readonly columns: number };
  readonly zip_codes_lost_zero: {
    readonly column: string;
    /** The numbers of the first rows that have the problem, as a spreadsheet counts them. */
    readonly rows: readonly number[];
    /** The number of rows that `rows` does not list. */
    readonly more: number;
  };
  readonly state_of_leaver: { readonly value: string };
  readonly value_unknown: { readonly value: string; readonly column: string };
  readonly country_unknown: { readonly value: string; readonly column: string };
  readonly distance_unknown: { readonly value: string; readonly column: string };
  readonly county_unknown: { readonly value: string; readonly column: string };
  readonly may_be_cut: { readonly row: number };
  readonly in_source: { readonly title: string; readonly code: string; readonly message: string };
  readonly no_partner: { readonly title: string; readonly column: string; readonly zero: boolean };
  readonly no_partner_key: { readonly column: string };
  readonly partner_twice: { readonly title: string; readonly column: string; readonly places: readonly string[] };
  readonly numbers_shortened: {
    readonly column: string;
    /** The numbers of the first rows that have the problem, as a spreadsheet counts them. */
    readonly rows: readonly number[];
    /** The number of rows that `rows` does not list. */
    readonly more: number;
  };
  readonly error_cells: {
    readonly column: string;
    /** The numbers of the first rows that have the problem, as a spreadsheet counts them. */
    readonly rows: readonly number[];
    /** The number of rows that `rows` does not list. */
    readonly more: number;
  };
  readonly formulas_without_value: {
    readonly column: string;
    /** The numbers of the first rows that have the problem, as a spreadsheet counts them. */
    readonly rows: readonly number[];
    /** The number of rows that `rows` does not list. */
    readonly more: number;
  };

  // Issues of a rule that do not depend on the platform.
  readonly not_rules: { readonly known: readonly string[] };
  readonly not_rule: { readonly known: readonly string[] };
  readonly null_rule: Record<string, never>;
  readonly not_rule_field: { readonly known: readonly string[] };
  readonly empty_rule: { readonly none: string };
  readonly number_for_text: {
    readonly kind: "range" | "requestType" | "contactProfile" | "code" | "county" | "zipCode";
  };
  readonly spaces: {
    readonly kind: "range" | "requestType" | "contactProfile" | "code" | "county" | "zipCode";
  };
  readonly other_code: {
    readonly kind: "range" | "requestType" | "contactProfile" | "code" | "county" | "zipCode";
    readonly found: "range" | "requestType" | "contactProfile" | "code" | "county" | "zipCode";
    readonly prefix: string;
  };
  readonly not_code: {
    readonly kind: "range" | "requestType" | "contactProfile" | "code" | "county" | "zipCode";
    readonly prefix: string;
  };
  readonly not_geographical: Record<string, never>;
  readonly not_handled_country: Record<string, never>;
  readonly not_handled_county: Record<string, never>;
  readonly covers_nothing: Record<string, never>;
  readonly no_counties: Record<string, never>;
  readonly no_zip_codes: Record<string, never>;
  readonly not_kilometres: Record<string, never>;
  readonly not_distance: Record<string, never>;
  readonly not_competence: Record<string, never>;
  readonly not_request_type: Record<string, never>;
  readonly mixed_competences: Record<string, never>;

  // Issues of the arguments of a rule's builder.
  readonly nothing_to_find: Record<string, never>;
  readonly not_reference: Record<string, never>;
  readonly no_reference_zips: Record<string, never>;
  readonly not_pair: Record<string, never>;
  readonly empty_product: Record<string, never>;

  // Issues of a rule on a certain platform. A value that may be personal is undefined.
  readonly unknown_country: { readonly value: string | undefined };
  readonly unknown_county: { readonly value: string | undefined; readonly country: string };
  readonly county_lost_zero: { readonly value: string | undefined; readonly country: string; readonly found: string };
  readonly zip_code_elsewhere: {
    readonly value: string | undefined;
    readonly county: string | undefined;
    readonly liesIn: readonly string[];
  };
  readonly no_such_zip_code: { readonly value: string | undefined; readonly country: string };
  readonly zip_code_without_zero: { readonly value: string | undefined; readonly found: string };
  readonly metres: Record<string, never>;
  readonly unknown_code: {
    readonly value: string | undefined;
    readonly kind: "range" | "requestType" | "contactProfile" | "code" | "county" | "zipCode";
  };
  readonly ranges_alone: Record<string, never>;

  // Issues of the options of a client or of a call.
  readonly no_token: Record<string, never>;
  readonly given_undefined: Record<string, never>;
  readonly empty_token: Record<string, never>;
  readonly padded_token: Record<string, never>;
  readonly bearer_token: Record<string, never>;
  readonly unsendable_token: Record<string, never>;
  readonly not_url: Record<string, never>;
  readonly not_http: Record<string, never>;
  readonly plain_http: Record<string, never>;
  readonly url_with_password: Record<string, never>;
  readonly url_with_query: Record<string, never>;
  readonly url_with_version: Record<string, never>;
  readonly not_platform_name: Record<string, never>;
  readonly not_auth: Record<string, never>;
  readonly header_with_meaning: Record<string, never>;
  readonly not_id_field: Record<string, never>;
  readonly not_facts: Record<string, never>;
  readonly facts_of_other_platform: { readonly baseUrl: string };
  readonly contradicts_fact: { readonly option: string; readonly fact: string };
  readonly not_rate_limit: Record<string, never>;
  readonly not_retry: Record<string, never>;
  readonly not_hooks: Record<string, never>;
  readonly test_mode_unclear: Record<string, never>;
  readonly fetch_failed: { readonly error: string };
  readonly in_browser: Record<string, never>;
  readonly of_other_client: Record<string, never>;
  readonly leaves_test_mode: Record<string, never>;
  readonly not_headers: Record<string, never>;
  readonly not_header_name: Record<string, never>;
  readonly reserved_header: Record<string, never>;
  readonly method_override: Record<string, never>;
  readonly not_header_value: Record<string, never>;

  // The issues below are about a config, or about a source as a whole.
  readonly no_config: Record<string, never>;
  readonly no_config_file: { readonly path: string };
  readonly no_config_in: { readonly folder: string; readonly files: string };
  readonly several_configs: { readonly files: readonly string[] };
  readonly not_loaded: { readonly problem: string };
  readonly module_missing: { readonly problem: string };
  readonly unknown_target: { readonly known: readonly string[] };
  readonly key_without_ledger: Record<string, never>;
  readonly needed: Record<string, never>;
  readonly variables_not_set: { readonly names: readonly string[] };
  readonly no_facts_file: { readonly code: string };
  readonly not_source: Record<string, never>;
  readonly not_ledger_or_folder: Record<string, never>;
  readonly not_column: Record<string, never>;
  readonly two_columns: Record<string, never>;
  readonly not_texts: { readonly value: string };
  readonly text_of_two: { readonly text: string; readonly values: readonly string[] };
  readonly unknown_mapping_field: { readonly known: readonly string[]; readonly similar: string | undefined };
  readonly not_field: Record<string, never>;
  readonly not_skip: Record<string, never>;
  readonly syntax_error: {
    /** The place of the error: `oplead.config.mjs:12:3`. */
    readonly place: string;
    /** The parser's own message. */
    readonly problem: string;
    readonly line: string;
    readonly mark: string;
  };
  readonly comma_missing: {
    /** The place of the error: `oplead.config.mjs:12:3`. */
    readonly place: string;
    /** The parser's own message. */
    readonly problem: string;
    readonly line: string;
    readonly mark: string;
  };
  readonly quote_missing: {
    /** The place of the error: `oplead.config.mjs:12:3`. */
    readonly place: string;
    /** The parser's own message. */
    readonly problem: string;
    readonly line: string;
    readonly mark: string;
  };
  readonly bracket_missing: {
    /** The place of the error: `oplead.config.mjs:12:3`. */
    readonly place: string;
    /** The parser's own message. */
    readonly problem: string;
    readonly line: string;
    readonly mark: string;
  };
  readonly key_twice: {
    /** The place of the error: `oplead.config.mjs:12:3`. */
    readonly place: string;
    readonly name: string;
    readonly line: string;
    readonly mark: string;
  };
  readonly not_path: Record<string, never>;
  readonly not_pattern: Record<string, never>;
  readonly not_http_address: Record<string, never>;
  readonly not_alert_target: { readonly fields: readonly string[] };
  readonly not_smtp_address: Record<string, never>;
  readonly not_mail_address: Record<string, never>;
  readonly not_place: Record<string, never>;
  readonly no_final_newline: Record<string, never>;
  readonly file_missing: Record<string, never>;
  readonly other_file_kind: { readonly endings: readonly string[] };
  readonly file_is_folder: Record<string, never>;
  readonly file_forbidden: Record<string, never>;
  readonly file_too_large: Record<string, never>;
  readonly file_unreadable: { readonly code: string };
  readonly file_empty: Record<string, never>;
  readonly header_empty: { readonly row: number };
  readonly columns_twice: { readonly name: string; readonly second: string };
  readonly header_lacks: {
    readonly absent: readonly { readonly name: string; readonly similar: string | undefined }[];
  };
  readonly quote_not_closed: { readonly row: number };
  readonly not_csv: { readonly row: number; readonly code: string };
  readonly file_not_json: { readonly line: number | undefined };
  readonly strange_byte: { readonly line: number; readonly column: number; readonly encoding: string };
  readonly zero_bytes: { readonly line: number; readonly column: number };
  readonly unknown_charset: { readonly charset: string };
  readonly file_changes: Record<string, never>;
  readonly not_one_source: Record<string, never>;
  readonly not_columns: Record<string, never>;
  readonly part_empty: { readonly title: string };
  readonly partners_empty: { readonly main: string };
  readonly no_columns: Record<string, never>;
  readonly name_taken: { readonly name: string };
  readonly column_absent: { readonly column: string };
  readonly page_twice: Record<string, never>;
  readonly pages_empty: { readonly pages: number };
  readonly pages_past_total: { readonly count: number; readonly total: number };
  readonly too_many_pages: { readonly pages: number };
  readonly answer_too_large: { readonly mebibytes: number };
  readonly no_total: Record<string, never>;
  readonly records_missing: { readonly count: number; readonly total: number };
  readonly other_origin: Record<string, never>;
  readonly no_token_given: { readonly reason: string };
  readonly no_access_token: Record<string, never>;
  readonly answer_not_json: Record<string, never>;
  readonly no_answer: { readonly timeoutMs: number };
  readonly own_fetch_failed: { readonly error: string };
  readonly unreachable: { readonly reason: string | undefined };
  readonly answered: { readonly status: number; readonly hasToken: boolean };
  readonly no_list: { readonly place: string | undefined; readonly lists: readonly string[] };
  readonly keys_twice: {
    readonly places: readonly string[];
    /** The number of places that `places` does not list. */
    readonly more: number;
    readonly column: string;
  };
  readonly no_partners: { readonly title: string; readonly column: string; readonly records: number };
  readonly partners_lost_zero: {
    readonly places: readonly string[];
    /** The number of places that `places` does not list. */
    readonly more: number;
    readonly title: string;
  };
  readonly is_workbook: Record<string, never>;
  readonly is_no_workbook: Record<string, never>;
  readonly is_zip: Record<string, never>;
  readonly old_workbook: Record<string, never>;
  readonly workbook_with_password: Record<string, never>;
  readonly markup_as_table: Record<string, never>;
  readonly other_workbook: Record<string, never>;
  readonly workbook_too_large: Record<string, never>;
  readonly broken_workbook: Record<string, never>;
  readonly no_such_sheet: { readonly sheet: string; readonly names: readonly string[] };
  readonly other_sheets: {
    readonly sheet: string;
    readonly others: readonly string[];
    readonly hidden: readonly string[];
  };
  readonly hidden_rows: { readonly rows: readonly number[]; readonly more: number };
  readonly merged_cells: { readonly areas: readonly string[]; readonly more: number };
  readonly unknown_formats: { readonly formats: readonly string[]; readonly more: number };
  readonly no_file_matches: { readonly partial: number };
  readonly name_without_date: { readonly file: string };
  readonly file_of_the_future: Record<string, never>;
  readonly file_too_old: { readonly hours: number; readonly maxAgeHours: number };

  // Issues of saved plans and reports.
  readonly not_saved_plan: Record<string, never>;
  readonly not_plan: Record<string, never>;
  readonly other_form: { readonly version: string; readonly current: string };
  readonly altered_plan: Record<string, never>;

  // Issues of an object that the caller makes: a ledger, a queue, a store.
  readonly not_ledger: Record<string, never>;
  readonly not_ledger_store: Record<string, never>;
  readonly not_delivery_store: Record<string, never>;
  readonly not_queue: Record<string, never>;
  readonly not_ledger_key: Record<string, never>;
  readonly not_directory: Record<string, never>;
  readonly not_audit_place: Record<string, never>;
  readonly not_iterable: Record<string, never>;
  readonly not_clock: Record<string, never>;

  // Issues of a Keyv, of a client of ioredis, and of the data that they keep.
  readonly not_keyv: Record<string, never>;
  readonly hides_errors: Record<string, never>;
  readonly cannot_list: Record<string, never>;
  readonly old_package: { readonly name: string; readonly installed: string; readonly needed: string };
  readonly not_redis: Record<string, never>;
  readonly has_key_prefix: Record<string, never>;
  readonly not_share: Record<string, never>;
  readonly ledger_platform: { readonly current: string; readonly stored: string };

  // Issues of a ledger in a folder, of a ledger or queue in Redis, and of the pause (a time until which no run sends).
  readonly ledger_closed: { readonly path: string };
  readonly ledger_damaged: { readonly path: string };
  readonly ledger_locked: { readonly path: string };
  readonly ledger_not_opened: {
    readonly path: string;
    readonly code: string;
    /** Why, as far as the system said it. */
    readonly because: "full" | "denied" | "read_only" | "no_locks" | "no_folder" | "unknown";
  };
  readonly ledger_not_read: { readonly path: string; readonly code: string };
  readonly ledger_package_missing: Record<string, never>;
  readonly ledger_package_broken: Record<string, never>;
  readonly note_not_read: { readonly file: string; readonly code: string };
  readonly note_not_written: { readonly file: string; readonly code: string };
  readonly ledger_redis_failed: { readonly code: string | undefined };
  readonly queue_redis_failed: { readonly code: string | undefined };
  readonly queue_redis_evicts: { readonly policy: string };
  readonly pause_damaged: Record<string, never>;
  readonly pause_too_long: { readonly until: string };

  // Issues of the options of a webhook, of its signatures, and of the result of its `map`.
  readonly not_verifier: Record<string, never>;
  readonly not_schema: Record<string, never>;
  readonly not_event_map: Record<string, never>;
  readonly not_delivery_id: Record<string, never>;
  readonly ledger_beside_queue: Record<string, never>;
  readonly no_secrets: Record<string, never>;
  readonly secret_missing: Record<string, never>;
  readonly not_secret: Record<string, never>;
  readonly secret_undecodable: Record<string, never>;
  readonly not_header: Record<string, never>;
  readonly signed_content_lacks: { readonly parts: readonly string[] };
  readonly needs_timestamp_header: Record<string, never>;
  readonly not_entry: Record<string, never>;
  readonly event_needs_account_number: Record<string, never>;

  // Issues of the options of a queue and its workers.
  readonly not_redis_url: Record<string, never>;
  readonly not_queue_name: Record<string, never>;
  readonly not_encryption_key: Record<string, never>;
  readonly retries_in_cluster: Record<string, never>;
  readonly no_braces: Record<string, never>;
  readonly load_needed: Record<string, never>;
  readonly not_key_prefix: Record<string, never>;
  readonly other_queue_platform: { readonly given: string; readonly wanted: string };
  readonly other_user: Record<string, never>;

  // Issues of the options of runs.
  readonly not_mark: Record<string, never>;
  readonly not_records: Record<string, never>;
  readonly several_sources: Record<string, never>;
  readonly not_since: Record<string, never>;
  readonly first_run_gone: Record<string, never>;
  readonly not_plan_hash: Record<string, never>;
  readonly not_time: Record<string, never>;
  readonly time_over: Record<string, never>;
  readonly time_too_far: Record<string, never>;
  readonly not_account_numbers: Record<string, never>;
  readonly not_policies: Record<string, never>;
  readonly needs_coverage: Record<string, never>;
  readonly policy_failed: { readonly error: string; readonly at: string | undefined };

  // Issues of the options of coverage.
  readonly not_rule_names: { readonly known: readonly string[] };
  readonly not_distance_from: Record<string, never>;
  readonly not_above_zero: Record<string, never>;
  readonly not_codes: Record<string, never>;
  readonly not_countries: Record<string, never>;
  readonly not_country_details: Record<string, never>;
  readonly not_list_of_text: Record<string, never>;
  readonly not_located: Record<string, never>;
  readonly not_explanation: Record<string, never>;
  readonly not_universe: Record<string, never>;
  readonly too_many_kinds: { readonly kinds: number; readonly most: number };
  readonly not_code_of_lead: Record<string, never>;
  readonly not_coordinates: Record<string, never>;
  readonly names_user: Record<string, never>;
  readonly not_receives: Record<string, never>;
  readonly not_labels: Record<string, never>;
  readonly not_day: Record<string, never>;
  readonly names_two_users: Record<string, never>;
  readonly not_kept: Record<string, never>;
  readonly not_policy_context: Record<string, never>;
  readonly not_in_universe: Record<string, never>;
  readonly no_limit: Record<string, never>;
  readonly not_area: Record<string, never>;
  readonly not_coverage_result: Record<string, never>;
}

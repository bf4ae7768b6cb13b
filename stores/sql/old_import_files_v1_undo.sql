SET LOCAL ROLE copydesk_dispatcher;
DROP FUNCTION merchants_with_old_import_files(integer, integer);
RESET ROLE;
REVOKE SELECT (file, finished_at) ON stores_catalogueimport FROM copydesk_dispatcher;

SET LOCAL ROLE copydesk_dispatcher;
DROP FUNCTION merchants_with_unchecked_images(interval, interval, integer);
RESET ROLE;
DROP POLICY dispatcher_finds_unchecked ON stores_productimage;
REVOKE ALL ON stores_productimage FROM copydesk_dispatcher;

# The keyring: keys and salts made once, forgotten for good.
top=${STOCKROOM_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
. "$top/tests/pg.sh"

# ask WANT ROLE: the keyring's named queries prepared, the SQL says WANT.
ask()
{
	{
		awk '/^-- name:/ { print "PREPARE " $3 " AS"; next }
		    !/^--/ { print }' "$top/sql/queries/keyring.sql"
		cat
	} >ask.sql
	pg_answers "$1" t_keys "stockroom_$2" <ask.sql
}

atf_test_case a_shop_key_is_made_once cleanup
a_shop_key_is_made_once_body()
{
	pg_case
	ask '1
1|3|\x61' pulls <<-'EOT'
	SET app.shop_id = '1';
	EXECUTE shop_key_put(1, 1, 3, 'a');
	EXECUTE shop_key_put(1, 1, 3, 'b');
	EXECUTE shop_key_load(1);
	EOT
	ask '' pulls <<-'EOT'
	SET app.shop_id = '2';
	EXECUTE shop_key_load(1);
	EOT
	ask '1' jobd <<-'EOT'
	SET app.every_shop = 'on';
	EXECUTE shop_key_rewrap(1, 1, 3, 4, 'c');
	EXECUTE shop_key_rewrap(1, 1, 3, 4, 'd');
	EOT
}
a_shop_key_is_made_once_cleanup()
{
	pg_stop
}

atf_test_case salts_come_in_batches_and_stay_as_they_are cleanup
salts_come_in_batches_and_stay_as_they_are_body()
{
	pg_case
	ask 'c|5|\x61
c|6|\x62
o|5|\x63' pulls <<-'EOT'
	SET app.shop_id = '1';
	EXECUTE subject_salt_put(1, '{c,o}', '{5,5}',
	    ARRAY[repeat('a', 32), repeat('c', 32)]::bytea[]);
	EXECUTE subject_salt_put(1, '{c,c}', '{6,5}',
	    ARRAY[repeat('b', 32), repeat('x', 32)]::bytea[]);
	\o list
	EXECUTE subject_salt_load(1, '{c,c,o,o}', '{5,6,5,9}');
	\o
	\! sed 's/\(x..\).*/\1/' list | sort
	EOT
}
salts_come_in_batches_and_stay_as_they_are_cleanup()
{
	pg_stop
}

atf_test_case a_forgotten_subject_gets_no_salt_again cleanup
a_forgotten_subject_gets_no_salt_again_body()
{
	pg_case
	ask 'c|5
c|gdpr
6' jobd <<-'EOT'
	SET app.shop_id = '1';
	EXECUTE subject_salt_put(1, '{c}', '{5}',
	    ARRAY[repeat('a', 32)]::bytea[]);
	SELECT kind, id FROM keyring.subject_salt;
	EXECUTE tombstone_put(1, '{c}', '{5}', 'gdpr');
	EXECUTE subject_salt_drop(1, '{c}', '{5}');
	EXECUTE subject_salt_put(1, '{c,c}', '{5,6}',
	    ARRAY[repeat('x', 32), repeat('y', 32)]::bytea[]);
	SELECT kind, reason FROM keyring.tombstone;
	SELECT id FROM keyring.subject_salt;
	EOT
}
a_forgotten_subject_gets_no_salt_again_cleanup()
{
	pg_stop
}

atf_test_case tombstones_are_told_by_when_they_were_laid cleanup
tombstones_are_told_by_when_they_were_laid_body()
{
	pg_case
	ask '1|c|5
1|o|1
2|s|0' jobd <<-'EOT'
	SET app.every_shop = 'on';
	EXECUTE tombstone_put(1, '{c}', '{5}', 'r');
	EXECUTE tombstone_put(1, '{o}', '{1}', 'r');
	EXECUTE tombstone_put(2, '{s}', '{0}', 'r');
	\o list
	EXECUTE tombstone_list_since('-infinity', 10);
	\o
	\! cut -d '|' -f 1-3 list
	\o list
	EXECUTE tombstone_list_since('infinity', 10);
	\o
	\! cat list
	EOT
}
tombstones_are_told_by_when_they_were_laid_cleanup()
{
	pg_stop
}

atf_test_case a_forgotten_shop_gets_a_key_when_it_comes_back cleanup
a_forgotten_shop_gets_a_key_when_it_comes_back_body()
{
	pg_case
	ask '1' jobd <<-'EOT'
	SET app.shop_id = '1';
	EXECUTE tombstone_put(1, '{s}', '{0}', 'r');
	EXECUTE shop_key_put(1, 1, 1, 'w');
	SELECT count(*) FROM keyring.shop_key \gset
	EXECUTE tombstone_lift(1);
	EXECUTE shop_key_put(1, 1, 1, 'w');
	EXECUTE tombstone_put(1, '{s}', '{0}', 'r');
	EXECUTE shop_key_put(1, 2, 1, 'w');
	EOT
}
a_forgotten_shop_gets_a_key_when_it_comes_back_cleanup()
{
	pg_stop
}

atf_init_test_cases()
{
	atf_add_test_case a_shop_key_is_made_once
	atf_add_test_case salts_come_in_batches_and_stay_as_they_are
	atf_add_test_case a_forgotten_subject_gets_no_salt_again
	atf_add_test_case tombstones_are_told_by_when_they_were_laid
	atf_add_test_case a_forgotten_shop_gets_a_key_when_it_comes_back
}

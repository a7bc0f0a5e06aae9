/*
 * Answers every request over TLS, MS later, for bench/io.sh: late MS FOLDER.
 * FOLDER/ca.pem is who is to be trusted for late.test, FOLDER/port where it
 * listens. It ends with who has started it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "../../tests/tls_server.h"

static struct timespec span;

static bool
answer(struct tls_peer *peer, const char *head, const char *body)
{
	(void)nanosleep(&span, NULL);
	return tls_ok(peer, head, body);
}

static void
put_port(int port)
{
	FILE *f = fopen("port.new", "w");

	if (f == NULL || fprintf(f, "%d\n", port) < 0 || fclose(f) != 0 ||
	    rename("port.new", "port") < 0) {
		perror("port");
		exit(1);
	}
}

static struct tls_server server = { .cert = { .names = "DNS:late.test" },
	.answer = answer };

int
main(int argc, char **argv)
{
	long ms;

	if (argc != 3 || chdir(argv[2]) < 0) {
		(void)fprintf(stderr, "use: late MS FOLDER\n");
		return 2;
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	ms = strtol(argv[1], NULL, 10);
	span = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
	cert_ca("ca.pem");
	tls_start(&server);
	put_port(server.port);
	for (;;)
		(void)pause();
}

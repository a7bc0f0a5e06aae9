/* The sender: a process beside the sandbox that posts what lies in the spool
 * (spool.h), several at a time, and says in the ledger how each try ended. */
#ifndef SANDBOX_SENDER_H
#define SANDBOX_SENDER_H

/* main() of `sandbox.fcgi sender`: until SIGTERM. An exit status. */
int sender_run(void);

#endif

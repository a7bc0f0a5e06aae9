/* Giving up what we never need: the one file that includes libseccomp. */
#include "io/proc.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <seccomp.h>

#include "base/log.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/*
 * What no program of ours does after its start: look into another, change
 * mounts, names, clocks or the kernel. By name, because a kernel's headers may
 * lack the newer ones; an unknown name is left out.
 */
/* clang-format off */
static const char *const refused[] = {
	"process_vm_readv", "process_vm_writev", "kcmp", /* other processes */
	"pidfd_getfd", "perf_event_open", "userfaultfd",
	"mount", "umount2", "umount", "pivot_root", "chroot", /* what is where */
	"mount_setattr", "move_mount", "open_tree", "fsopen", "fsconfig",
	"fsmount", "fspick", "unshare", "setns", "open_by_handle_at",
	"bpf", "kexec_load", "kexec_file_load", "init_module", /* the kernel */
	"finit_module", "delete_module", "create_module", "reboot", "swapon",
	"swapoff", "syslog", "acct", "quotactl", "quotactl_fd", "iopl",
	"ioperm", "io_uring_setup", "io_uring_enter", "io_uring_register",
	"keyctl", "add_key", "request_key", /* its keys */
	"sethostname", "setdomainname", "settimeofday", "clock_settime",
	"clock_adjtime", "adjtimex", "stime", /* its name and time */
};
/* clang-format on */

static bool
refuse(scmp_filter_ctx filter, const char *name)
{
	const int number = seccomp_syscall_resolve_name(name);
	int err;

	if (number == __NR_SCMP_ERROR)
		return true;
	err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
	/* The others: this machine has no such call. */
	return err == 0 || err == -EDOM || err == -EINVAL;
}

enum may { MAY_NOT_EXEC, MAY_EXEC };

static bool
refuse_all(scmp_filter_ctx filter, enum may may)
{
	if (may == MAY_NOT_EXEC &&
	    (!refuse(filter, "execve") || !refuse(filter, "execveat")))
		return false;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (!refuse(filter, refused[i]))
			return false;
	/* The leak sanitizer looks at its own process by ptrace. */
	return SANITIZED || refuse(filter, "ptrace");
}

static enum rc
filter_calls(struct cx *cx, enum may may)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int err = -ENOMEM;

	/* TSYNC: for the threads that are there already, too. */
	if (filter && seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
	    refuse_all(filter, may))
		err = seccomp_load(filter);
	seccomp_release(filter);
	if (err == 0)
		return RC_OK;
	if (err == -ENOMEM)
		return rc_fail(cx, RC_BUSY, "no memory for the call filter");
	log_warn(cx, "proc.no_seccomp", L_TEXT("why", strerror(-err)));
	return RC_OK;
}

static enum rc
harden(struct cx *cx, enum may may)
{
	const struct rlimit none = { 0, 0 };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    setrlimit(RLIMIT_CORE, &none) < 0)
		return rc_fail(cx, RC_BUG, "rights cannot be given up: %s",
		    strerror(errno));
	/* The same sanitizer must be able to look. */
	if (!SANITIZED && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return rc_fail(
		    cx, RC_BUG, "still dumpable: %s", strerror(errno));
	return filter_calls(cx, may);
}

enum rc
proc_harden(struct cx *cx)
{
	return harden(cx, MAY_NOT_EXEC);
}

enum rc
proc_harden_but_exec(struct cx *cx)
{
	return harden(cx, MAY_EXEC);
}

#! /bin/sh
# The main job unattended, against the sandbox shop.

. "$(dirname "$0")/lib.sh"

fail "the demo is not written yet"

#pragma once

/// The commit this program was built from, "-modified" behind it if files had changed since;
/// "unknown" outside a git checkout.
const char *nefro_build_commit(void);

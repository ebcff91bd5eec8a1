#include "CBuildInformation.h"

const char *nefro_build_commit(void) { return NEFRO_COMMIT; }

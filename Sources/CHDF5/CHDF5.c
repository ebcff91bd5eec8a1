#include "CHDF5.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// Types and constants as HDF5 1.10 and later define them (H5public.h, H5Ipublic.h, H5Tpublic.h, H5Dpublic.h).
typedef int herr_t;
typedef int htri_t;
typedef unsigned long long hsize_t;

enum {
  H5_INDEX_NAME = 0,
  H5_ITER_INC = 0,
  H5I_GROUP = 2,
  H5I_DATASET = 5,
  H5T_FLOAT = 1,
  H5T_STRING = 3,
  H5D_VIRTUAL = 3,
  H5L_TYPE_HARD = 0,
};

// H5G_info_t and H5L_info1_t.
typedef struct {
  int storage_type;
  hsize_t nlinks;
  int64_t max_corder;
  int mounted;
} group_info;

typedef struct {
  int type;
  int corder_valid;
  int64_t corder;
  int cset;
  union {
    uint64_t address;
    size_t val_size;
  } u;
} link_info;

// Every function that is used, with its type; loaded by name in this order.
#define FUNCTIONS(F)                                                                        \
  F(herr_t, H5dont_atexit, (void))                                                          \
  F(herr_t, H5open, (void))                                                                 \
  F(herr_t, H5get_libversion, (unsigned *, unsigned *, unsigned *))                         \
  F(herr_t, H5Eset_auto2, (chdf5_id, void *, void *))                                       \
  F(herr_t, H5PLset_loading_state, (unsigned))                                              \
  F(chdf5_id, H5Fopen, (const char *, unsigned, chdf5_id))                                  \
  F(herr_t, H5Fclose, (chdf5_id))                                                           \
  F(herr_t, H5Gget_info, (chdf5_id, group_info *))                                          \
  F(long, H5Lget_name_by_idx,                                                               \
    (chdf5_id, const char *, int, int, hsize_t, char *, size_t, chdf5_id))                  \
  F(chdf5_id, H5Oopen, (chdf5_id, const char *, chdf5_id))                                  \
  F(herr_t, H5Oclose, (chdf5_id))                                                           \
  F(int, H5Iget_type, (chdf5_id))                                                           \
  F(chdf5_id, H5Dget_space, (chdf5_id))                                                     \
  F(chdf5_id, H5Dget_type, (chdf5_id))                                                      \
  F(chdf5_id, H5Dget_create_plist, (chdf5_id))                                              \
  F(herr_t, H5Dread, (chdf5_id, chdf5_id, chdf5_id, chdf5_id, chdf5_id, void *))            \
  F(int, H5Pget_layout, (chdf5_id))                                                         \
  F(int, H5Pget_external_count, (chdf5_id))                                                 \
  F(herr_t, H5Pclose, (chdf5_id))                                                           \
  F(int, H5Sget_simple_extent_ndims, (chdf5_id))                                            \
  F(int, H5Sget_simple_extent_dims, (chdf5_id, hsize_t *, hsize_t *))                       \
  F(int64_t, H5Sget_simple_extent_npoints, (chdf5_id))                                      \
  F(herr_t, H5Sclose, (chdf5_id))                                                           \
  F(int, H5Tget_class, (chdf5_id))                                                          \
  F(size_t, H5Tget_size, (chdf5_id))                                                        \
  F(htri_t, H5Tis_variable_str, (chdf5_id))                                                 \
  F(herr_t, H5Tclose, (chdf5_id))                                                           \
  F(htri_t, H5Aexists, (chdf5_id, const char *))                                            \
  F(chdf5_id, H5Aopen, (chdf5_id, const char *, chdf5_id))                                  \
  F(chdf5_id, H5Aget_type, (chdf5_id))                                                      \
  F(chdf5_id, H5Aget_space, (chdf5_id))                                                     \
  F(herr_t, H5Aread, (chdf5_id, chdf5_id, void *))                                          \
  F(herr_t, H5Aclose, (chdf5_id))                                                           \
  F(herr_t, H5free_memory, (void *))                                                        \
  F(chdf5_id, H5Fcreate, (const char *, unsigned, chdf5_id, chdf5_id))                      \
  F(chdf5_id, H5Gcreate2, (chdf5_id, const char *, chdf5_id, chdf5_id, chdf5_id))           \
  F(chdf5_id, H5Screate_simple, (int, const hsize_t *, const hsize_t *))                    \
  F(chdf5_id, H5Dcreate2,                                                                   \
    (chdf5_id, const char *, chdf5_id, chdf5_id, chdf5_id, chdf5_id, chdf5_id))             \
  F(herr_t, H5Dwrite, (chdf5_id, chdf5_id, chdf5_id, chdf5_id, chdf5_id, const void *))

#define DECLARE(result, name, arguments) static result(*name) arguments;
FUNCTIONS(DECLARE)
#undef DECLARE

// From 1.12 on the function has a version in its name.
static herr_t (*H5Lget_info1)(chdf5_id, const char *, link_info *, chdf5_id);
static chdf5_id native_float;
// How files are opened: without locking them where the library (1.10.7 and later) lets one choose, since reading
// needs no lock and some network file systems refuse it.
static chdf5_id file_access;

static chdf5_id without_locking(void *library) {
  chdf5_id (*create)(chdf5_id) = (chdf5_id(*)(chdf5_id))dlsym(library, "H5Pcreate");
  herr_t (*set_locking)(chdf5_id, bool, bool) = (herr_t(*)(chdf5_id, bool, bool))dlsym(library, "H5Pset_file_locking");
  const chdf5_id *class = (const chdf5_id *)dlsym(library, "H5P_CLS_FILE_ACCESS_ID_g");
  if (create == NULL || set_locking == NULL || class == NULL) return 0;
  chdf5_id settings = create(*class);
  if (settings < 0 || set_locking(settings, false, true) < 0) return 0;
  return settings;
}

static chdf5_status load(const char *const *names) {
  void *library = NULL;
  for (; *names != NULL && library == NULL; names++) library = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return CHDF5_NO_LIBRARY;

#define LOAD(result, name, arguments)                   \
  name = (result(*) arguments)dlsym(library, #name);    \
  if (name == NULL) return CHDF5_UNSUITABLE_LIBRARY;
  FUNCTIONS(LOAD)
#undef LOAD
  H5Lget_info1 = (herr_t(*)(chdf5_id, const char *, link_info *, chdf5_id))dlsym(library, "H5Lget_info1");
  if (H5Lget_info1 == NULL)
    H5Lget_info1 = (herr_t(*)(chdf5_id, const char *, link_info *, chdf5_id))dlsym(library, "H5Lget_info");
  if (H5Lget_info1 == NULL) return CHDF5_UNSUITABLE_LIBRARY;

  // What is written is closed at once, so nothing needs closing when the process ends; after a damaged file the library would complain
  // about what that left open. This must come before all other calls.
  H5dont_atexit();

  // Identifiers were 32 bits wide before 1.10.
  unsigned major = 0, minor = 0, release = 0;
  if (H5get_libversion(&major, &minor, &release) < 0 || major < 1 || (major == 1 && minor < 10))
    return CHDF5_UNSUITABLE_LIBRARY;
  if (H5open() < 0) return CHDF5_UNSUITABLE_LIBRARY;
  const chdf5_id *type = (const chdf5_id *)dlsym(library, "H5T_NATIVE_FLOAT_g");
  if (type == NULL) return CHDF5_UNSUITABLE_LIBRARY;
  native_float = *type;
  // A weight file must not make this process load code.
  if (H5PLset_loading_state(0) < 0) return CHDF5_UNSUITABLE_LIBRARY;
  file_access = without_locking(library);
  return CHDF5_READY;
}

chdf5_status chdf5_load(const char *const *names) {
  static bool is_known = false;
  static chdf5_status status;
  if (!is_known) status = load(names);
  is_known = true;
  return status;
}

chdf5_id chdf5_open_file(const char *path) {
  // Whether errors are printed is a setting of each thread where the library is built for threads.
  H5Eset_auto2(0, NULL, NULL);
  return H5Fopen(path, 0, file_access);
}

void chdf5_close_file(chdf5_id file) { H5Fclose(file); }

int64_t chdf5_link_count(chdf5_id group) {
  group_info info;
  memset(&info, 0, sizeof info);
  if (H5Gget_info(group, &info) < 0 || info.nlinks > INT64_MAX) return -1;
  return (int64_t)info.nlinks;
}

int64_t chdf5_link_name(chdf5_id group, uint64_t index, char *name, size_t capacity) {
  return H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, name, capacity, 0);
}

bool chdf5_is_hard_link(chdf5_id group, const char *name) {
  link_info info;
  memset(&info, 0, sizeof info);
  return H5Lget_info1(group, name, &info, 0) >= 0 && info.type == H5L_TYPE_HARD;
}

chdf5_id chdf5_open_object(chdf5_id group, const char *name) { return H5Oopen(group, name, 0); }

chdf5_kind chdf5_object_kind(chdf5_id object) {
  switch (H5Iget_type(object)) {
    case H5I_GROUP: return CHDF5_GROUP;
    case H5I_DATASET: return CHDF5_DATASET;
    default: return CHDF5_OTHER_OBJECT;
  }
}

void chdf5_close_object(chdf5_id object) { H5Oclose(object); }

static bool is_contained(chdf5_id dataset) {
  chdf5_id settings = H5Dget_create_plist(dataset);
  if (settings < 0) return false;
  bool answer = H5Pget_layout(settings) != H5D_VIRTUAL && H5Pget_external_count(settings) == 0;
  H5Pclose(settings);
  return answer;
}

int chdf5_describe_dataset(chdf5_id dataset, chdf5_dataset_info *info) {
  memset(info, 0, sizeof *info);
  chdf5_id space = H5Dget_space(dataset);
  if (space < 0) return -1;
  int rank = H5Sget_simple_extent_ndims(space);
  hsize_t dimensions[CHDF5_MAXIMUM_RANK];
  bool known = rank >= 0 && rank <= CHDF5_MAXIMUM_RANK && H5Sget_simple_extent_dims(space, dimensions, NULL) == rank;
  H5Sclose(space);
  if (!known) return -1;
  info->rank = rank;
  for (int i = 0; i < rank; i++) info->dimensions[i] = dimensions[i];

  chdf5_id type = H5Dget_type(dataset);
  if (type < 0) return -1;
  info->is_float = H5Tget_class(type) == H5T_FLOAT;
  H5Tclose(type);
  info->is_contained = is_contained(dataset);
  return 0;
}

int chdf5_read_floats(chdf5_id dataset, float *values) {
  return H5Dread(dataset, native_float, 0, 0, 0, values);
}

static int read_string(chdf5_id attribute, chdf5_id type, char *text, size_t capacity) {
  if (H5Tget_class(type) != H5T_STRING) return -1;
  if (H5Tis_variable_str(type) > 0) {
    char *found = NULL;
    if (H5Aread(attribute, type, &found) < 0 || found == NULL) return -1;
    size_t length = strlen(found);
    bool fits = length < capacity;
    if (fits) memcpy(text, found, length + 1);
    H5free_memory(found);
    return fits ? 0 : -1;
  }
  size_t size = H5Tget_size(type);
  if (size == 0 || size >= capacity || H5Aread(attribute, type, text) < 0) return -1;
  text[size] = 0;
  return 0;
}

int chdf5_string_attribute(chdf5_id object, const char *name, char *text, size_t capacity) {
  if (H5Aexists(object, name) <= 0) return -1;
  chdf5_id attribute = H5Aopen(object, name, 0);
  if (attribute < 0) return -1;
  int result = -1;
  chdf5_id space = H5Aget_space(attribute);
  chdf5_id type = H5Aget_type(attribute);
  if (space >= 0 && type >= 0 && H5Sget_simple_extent_npoints(space) == 1)
    result = read_string(attribute, type, text, capacity);
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  H5Aclose(attribute);
  return result;
}

chdf5_id chdf5_create_file(const char *path) {
  H5Eset_auto2(0, NULL, NULL);
  // 2: what was there is cut to nothing.
  return H5Fcreate(path, 2, 0, 0);
}

int chdf5_finish_file(chdf5_id file) { return H5Fclose(file); }

int chdf5_create_group(chdf5_id file, const char *path) {
  chdf5_id group = H5Gcreate2(file, path, 0, 0, 0);
  if (group < 0) return -1;
  return H5Oclose(group);
}

int chdf5_write_floats(chdf5_id file, const char *path, int rank, const uint64_t *dimensions, const float *values) {
  if (rank < 0 || rank > CHDF5_MAXIMUM_RANK) return -1;
  hsize_t lengths[CHDF5_MAXIMUM_RANK];
  for (int i = 0; i < rank; i++) lengths[i] = dimensions[i];
  chdf5_id space = H5Screate_simple(rank, lengths, NULL);
  if (space < 0) return -1;
  chdf5_id dataset = H5Dcreate2(file, path, native_float, space, 0, 0, 0);
  int result = -1;
  if (dataset >= 0) {
    result = H5Dwrite(dataset, native_float, 0, 0, 0, values);
    if (H5Oclose(dataset) < 0) result = -1;
  }
  H5Sclose(space);
  return result;
}

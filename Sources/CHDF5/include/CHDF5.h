// The few functions of HDF5 that reading and writing weight files needs, from a library that is opened at run time: nefro starts
// and works without it, and building needs none of its headers.
//
// HDF5 need not be built for several threads: callers take turns, and use a file on the thread that opened it.

#ifndef CHDF5_H
#define CHDF5_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// An HDF5 identifier; negative means failure.
typedef int64_t chdf5_id;

enum { CHDF5_MAXIMUM_RANK = 32 };

typedef enum {
  CHDF5_READY = 0,
  CHDF5_NO_LIBRARY = 1,
  // A library was found that is older than 1.10 or lacks a function.
  CHDF5_UNSUITABLE_LIBRARY = 2,
} chdf5_status;

typedef enum { CHDF5_OTHER_OBJECT = 0, CHDF5_GROUP = 1, CHDF5_DATASET = 2 } chdf5_kind;

typedef struct {
  int rank;
  uint64_t dimensions[CHDF5_MAXIMUM_RANK];
  // IEEE floating point of any width and byte order.
  bool is_float;
  // The values lie in this file: no external files, no mapping of other datasets.
  bool is_contained;
} chdf5_dataset_info;

// Opens the library once; later calls repeat the first one's answer. `names` ends with NULL.
chdf5_status chdf5_load(const char *const *names);

// Opens a file read only. Nothing of HDF5 is printed on failure, here and below.
chdf5_id chdf5_open_file(const char *path);
void chdf5_close_file(chdf5_id file);

// The number of links in a group, or negative.
int64_t chdf5_link_count(chdf5_id group);
// Copies the name of a link, in the order of names. Returns its length, which may exceed the capacity, or negative.
int64_t chdf5_link_name(chdf5_id group, uint64_t index, char *name, size_t capacity);
// Whether a link leads to an object directly: soft and external links do not.
bool chdf5_is_hard_link(chdf5_id group, const char *name);

chdf5_id chdf5_open_object(chdf5_id group, const char *name);
chdf5_kind chdf5_object_kind(chdf5_id object);
void chdf5_close_object(chdf5_id object);

// Returns negative if the dataset cannot be described or its rank is above CHDF5_MAXIMUM_RANK.
int chdf5_describe_dataset(chdf5_id dataset, chdf5_dataset_info *info);
// Reads a whole dataset as 32-bit floats; `values` has room for the product of its dimensions.
int chdf5_read_floats(chdf5_id dataset, float *values);

// Copies an attribute that is a single string, with its terminating 0. Returns negative if there is none, it is
// something else, or it does not fit.
int chdf5_string_attribute(chdf5_id object, const char *name, char *text, size_t capacity);

// Creates a file, or empties the one that is there; here and below negative means failure.
chdf5_id chdf5_create_file(const char *path);
// Writes out what is still in memory, and closes.
int chdf5_finish_file(chdf5_id file);
// Creates a group; the one above it must be there.
int chdf5_create_group(chdf5_id file, const char *path);
// Writes a dataset of 32-bit floats; `values` are the product of its dimensions.
int chdf5_write_floats(chdf5_id file, const char *path, int rank, const uint64_t *dimensions, const float *values);

#endif

#include <png.h>

/* Macros with arguments, which Swift cannot see. */

/* Whether a read or write left an error, not a mere warning. */
static inline int nefro_png_failed(const png_image *image) { return PNG_IMAGE_FAILED(*image) ? 1 : 0; }

/* An upper bound on the size of `image` as a PNG file, in bytes. */
static inline png_alloc_size_t nefro_png_size_bound(const png_image *image) {
  return PNG_IMAGE_PNG_SIZE_MAX(*image);
}

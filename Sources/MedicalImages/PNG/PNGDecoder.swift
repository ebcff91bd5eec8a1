import CPNG

/// Decodes a PNG with libpng's simplified reader, whose error jumps stay within C.
func decodePNG(
  _ bytes: [UInt8], name: String, limits: PictureLimits
) throws -> (picture: Picture, information: PictureInformation) {
  // A refusal because of the kind comes before one because the end is missing.
  let header = try PNGStream(bytes, name: name, limits: limits, extent: .header)
  guard header.bitDepth <= 8 else {
    throw MedicalImageError.unsupported(
      name: name, mode: header.information.mode,
      reason: "16 bits a sample where 8 are expected. Apply the CT window and save it with 8 bits first")
  }
  let stream = try PNGStream(bytes, name: name, limits: limits, extent: .whole)
  let (width, height) = (stream.information.width, stream.information.height)
  let channels = stream.colorType == 0 || stream.colorType == 4 ? 1 : 3
  // Transparency is read and then dropped: asked to leave it out, libpng would blend with a background.
  let hasAlpha = stream.colorType == 4 || stream.colorType == 6
  let storedChannels = channels + (hasAlpha ? 1 : 0)

  var image = png_image()
  image.version = UInt32(PNG_IMAGE_VERSION)
  defer { png_image_free(&image) }
  var pixels = try stream.essential.withUnsafeBytes { source in
    guard png_image_begin_read_from_memory(&image, source.baseAddress, source.count) != 0 else {
      throw MedicalImageError.damaged(name: name, reason: message(of: image))
    }
    guard Int(image.width) == width, Int(image.height) == height else {
      throw MedicalImageError.damaged(name: name, reason: "its headers disagree on its size")
    }
    image.format = UInt32(channels == 3 ? PNG_FORMAT_FLAG_COLOR : 0) | UInt32(hasAlpha ? PNG_FORMAT_FLAG_ALPHA : 0)
    return try [UInt8](unsafeUninitializedCapacity: width * height * storedChannels) { buffer, count in
      let status = png_image_finish_read(&image, nil, buffer.baseAddress, Int32(width * storedChannels), nil)
      guard status != 0, nefro_png_failed(&image) == 0 else {
        throw MedicalImageError.damaged(name: name, reason: message(of: image))
      }
      count = width * height * storedChannels
    }
  }
  if hasAlpha { dropLastChannel(&pixels, of: storedChannels) }
  return (Picture(width: width, height: height, channels: channels, pixels: pixels), stream.information)
}

private func dropLastChannel(_ pixels: inout [UInt8], of stored: Int) {
  let kept = stored - 1
  let count = pixels.count / stored
  for index in 0..<count {
    for channel in 0..<kept { pixels[index * kept + channel] = pixels[index * stored + channel] }
  }
  pixels.removeLast(count)
}

/// libpng's message, a fixed array of 64 characters in C.
func message(of image: png_image) -> String {
  let text = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  return text.isEmpty ? "the PNG decoder gives no reason" : text
}

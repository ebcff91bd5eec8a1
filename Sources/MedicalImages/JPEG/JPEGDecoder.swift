import CTurboJPEG

/// Decodes a JPEG with TurboJPEG: the accurate integer DCT and "fancy" chroma upsampling, libjpeg-turbo's defaults and
/// so Pillow's.
///
/// TurboJPEG's own error jumps stay within C. Its warnings ("premature end", "corrupt data", "extraneous bytes") are
/// errors here: the first one stops decoding.
func decodeJPEG(
  _ bytes: [UInt8], name: String, limits: PictureLimits
) throws -> (picture: Picture, information: PictureInformation) {
  // A refusal because of the kind comes before one because the end is missing.
  let header = try JPEGStream(bytes, name: name, limits: limits, extent: .header)
  try refuseUnsupported(header, name: name)
  let stream = try JPEGStream(bytes, name: name, limits: limits, extent: .whole)

  guard let handle = tjInitDecompress() else {
    throw MedicalImageError.unreadable(name: name, reason: "no memory for the JPEG decoder")
  }
  defer { tjDestroy(handle) }
  let (width, height) = (stream.information.width, stream.information.height)
  var seen: (width: Int32, height: Int32, subsampling: Int32, colorSpace: Int32) = (-1, -1, -1, -1)
  // Fails also for rare but valid chroma layouts that `tjDecompress2` decodes well; the size is set even then.
  let headerStatus = tjDecompressHeader3(
    handle, bytes, UInt(bytes.count), &seen.width, &seen.height, &seen.subsampling, &seen.colorSpace)
  guard seen.width == width, seen.height == height else {
    throw MedicalImageError.damaged(
      name: name, reason: headerStatus == 0 ? "its headers disagree on its size" : message(of: handle))
  }

  let channels = stream.components
  let pixels = try [UInt8](unsafeUninitializedCapacity: width * height * channels) { buffer, count in
    let status = tjDecompress2(
      handle, bytes, UInt(bytes.count), buffer.baseAddress, Int32(width), Int32(width * channels), Int32(height),
      channels == 1 ? Int32(TJPF_GRAY.rawValue) : Int32(TJPF_RGB.rawValue),
      TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS)
    guard status == 0 else {
      throw MedicalImageError.damaged(name: name, reason: message(of: handle))
    }
    count = width * height * channels
  }
  return (Picture(width: width, height: height, channels: channels, pixels: pixels), stream.information)
}

private func message(of handle: tjhandle) -> String {
  guard let text = tjGetErrorStr2(handle) else { return "the JPEG decoder gives no reason" }
  return String(cString: text)
}

private func refuseUnsupported(_ header: JPEGStream, name: String) throws {
  let mode = header.information.mode
  if header.components == 4 {
    throw MedicalImageError.unsupported(
      name: name, mode: mode,
      reason: "four printing inks, not the grey or red-green-blue of a scan. Convert it to grey or RGB first")
  }
  guard header.components == 1 || header.components == 3 else {
    throw MedicalImageError.unsupported(
      name: name, mode: mode, reason: "only grey and red-green-blue are read. Convert it to grey or RGB first")
  }
  // The process comes before the precision: a lossless JPEG may well have 8 bits.
  guard header.process == 0 || header.process == 1 || header.process == 2 || header.process == 9 || header.process == 10
  else {
    throw MedicalImageError.unsupported(
      name: name, mode: mode, reason: "a lossless or hierarchical JPEG. Convert it to 8-bit PNG first")
  }
  guard header.precision == 8 else {
    throw MedicalImageError.unsupported(
      name: name, mode: mode,
      reason:
        "\(header.precision) bits a sample where 8 are expected. Apply the CT window and save it with 8 bits first")
  }
}

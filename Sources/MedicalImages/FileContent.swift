/// What `bytes` most likely are, in words for an error message, such as "plain text".
func describeContent(_ bytes: [UInt8]) -> String {
  if bytes.isEmpty { return "nothing (the file is empty)" }
  func begins(_ text: String, at offset: Int = 0) -> Bool {
    bytes.dropFirst(offset).starts(with: text.utf8)
  }
  if begins("DICM", at: 128) { return "a DICOM object" }
  if begins("GIF8") { return "a GIF picture" }
  if begins("BM") && bytes.count > 26 { return "a BMP picture" }
  if begins("II*\0") || begins("MM\0*") { return "a TIFF picture" }
  if begins("RIFF") && begins("WEBP", at: 8) { return "a WebP picture" }
  if begins("ftyphei", at: 4) || begins("ftypmif1", at: 4) { return "a HEIC picture" }
  if bytes.starts(with: [0, 0, 0, 12, 0x6A, 0x50]) || bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) {
    return "a JPEG 2000 picture"
  }
  if begins("PK\u{3}\u{4}") { return "a ZIP archive" }
  if begins("%PDF") { return "a PDF document" }
  if bytes.starts(with: [0x1F, 0x8B]) { return "gzip-compressed data" }
  let start = bytes.prefix(512)
  let isText = start.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
  if isText {
    let text = String(decoding: start, as: UTF8.self).lowercased()
    return text.contains("<html") || text.contains("<!doctype html") ? "a web page" : "plain text"
  }
  if bytes.allSatisfy({ $0 == 0 }) { return "nothing but zero bytes" }
  return "unknown data"
}

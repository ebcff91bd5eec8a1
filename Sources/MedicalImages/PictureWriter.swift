import CPNG
import CTurboJPEG
import Foundation

/// Writes pictures as files in memory. The same picture gives the same bytes with the same library version.
public enum PictureWriter {
  /// The picture as a PNG: grey for one channel, red-green-blue for three.
  ///
  /// - Throws: `MedicalImageError.cannotEncode`.
  public static func png(_ picture: Picture) throws -> Data {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(picture.width)
    image.height = UInt32(picture.height)
    image.format = UInt32(picture.channels == 3 ? PNG_FORMAT_FLAG_COLOR : 0)
    defer { png_image_free(&image) }
    var size = nefro_png_size_bound(&image)
    let bytes = try [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
      let status = png_image_write_to_memory(
        &image, buffer.baseAddress, &size, 0, picture.pixels, Int32(picture.width * picture.channels), nil)
      guard status != 0 else {
        throw MedicalImageError.cannotEncode(format: .png, reason: message(of: image))
      }
      count = Int(size)
    }
    return Data(bytes)
  }

  /// The picture as a baseline JPEG; colour is stored at half resolution (4:2:0), as Pillow does by default.
  ///
  /// - Parameter quality: 1…100.
  /// - Throws: `MedicalImageError.invalidSetting` for the quality, `.cannotEncode` for a side above 65,500 pixels.
  public static func jpeg(_ picture: Picture, quality: Int) throws -> Data {
    guard (1...100).contains(quality) else {
      throw MedicalImageError.invalidSetting(key: "JPEG quality", value: "\(quality)", allowed: "1 to 100")
    }
    guard let handle = tjInitCompress() else {
      throw MedicalImageError.cannotEncode(format: .jpeg, reason: "no memory for the encoder")
    }
    defer { tjDestroy(handle) }
    var target: UnsafeMutablePointer<UInt8>?
    var size: UInt = 0
    defer { if let target { tjFree(target) } }
    let isGrey = picture.channels == 1
    let status = tjCompress2(
      handle, picture.pixels, Int32(picture.width), Int32(picture.width * picture.channels), Int32(picture.height),
      Int32(isGrey ? TJPF_GRAY.rawValue : TJPF_RGB.rawValue), &target, &size,
      Int32(isGrey ? TJSAMP_GRAY.rawValue : TJSAMP_420.rawValue), Int32(quality), TJFLAG_ACCURATEDCT)
    guard status == 0, let target else {
      let reason = tjGetErrorStr2(handle).map { String(cString: $0) } ?? "the encoder gives no reason"
      throw MedicalImageError.cannotEncode(format: .jpeg, reason: reason)
    }
    return Data(bytes: target, count: Int(size))
  }
}

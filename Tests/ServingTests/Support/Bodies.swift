import Foundation

/// Bodies as clients write them.
enum Bodies {
  static let boundary = "----a-boundary"
  static let formType = "multipart/form-data; boundary=\(boundary)"

  /// A form with one part a picture, and fields.
  static func form(_ pictures: [Data], fields: [(String, String)] = [], fileName: String = "slice.png") -> Data {
    var body = Data()
    for (name, value) in fields {
      body += Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }
    for picture in pictures {
      body += Data(
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"images\"; filename=\"\(fileName)\"\r\nContent-Type: image/png\r\n\r\n".utf8)
      body += picture + Data("\r\n".utf8)
    }
    return body + Data("--\(boundary)--\r\n".utf8)
  }

  static func json(_ value: Any) throws -> Data { try JSONSerialization.data(withJSONObject: value) }
}

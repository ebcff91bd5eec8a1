import Foundation

/// A web page that came instead of a file.
package struct WebPage: Sendable, Equatable {
  package let url: URL
  package let status: Int
  package let html: String

  package init(url: URL, status: Int, html: String) {
    self.url = url
    self.status = status
    self.html = html
  }
}

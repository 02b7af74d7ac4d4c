/// The report as a web page: records with the content, and templates that show it.
///
/// The records contain untrusted texts only after [io.github.writeprobe.text.UntrustedText] has
/// escaped them. The templates escape them for HTML.
@NullMarked
package io.github.writeprobe.report.html;

import org.jspecify.annotations.NullMarked;

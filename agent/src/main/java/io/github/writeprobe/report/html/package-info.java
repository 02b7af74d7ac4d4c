/// The report as a web page: records that say what is to be seen, and templates that show it.
///
/// Every text of a stranger is made plain on its way into the records, and escaped on its way out
/// of the templates.
@NullMarked
package io.github.writeprobe.report.html;

import org.jspecify.annotations.NullMarked;

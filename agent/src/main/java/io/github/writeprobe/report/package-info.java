/// Views of the one report: for people, and for the programs that read reports.
///
/// Every text of a stranger passes through here, and none leaves in a form that could break the
/// format or reach a terminal raw.
@NullMarked
package io.github.writeprobe.report;

import org.jspecify.annotations.NullMarked;

package pages

// reportMessages are those of page_report.go.
var reportMessages = messages{}

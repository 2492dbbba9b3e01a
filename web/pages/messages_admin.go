package pages

// adminMessages are those of page_admin.go.
var adminMessages = messages{}

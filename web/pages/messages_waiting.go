package pages

// waitingMessages are those of page_waiting.go.
var waitingMessages = messages{}
